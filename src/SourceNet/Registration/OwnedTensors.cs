using SourceNet.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Keeps fields that hold parameters or buffers and what the module has registered the same object.</summary>
/// <remarks>
/// A conversion to another device or element type makes a new tensor and disposes the old one. TorchSharp finds the field
/// that holds it by reflection, by its name; where that fails, the field keeps the disposed tensor. Here a field says how it is set.
/// </remarks>
internal sealed class OwnedTensors
{
    /// <summary><c>Module.ReplaceParameter</c> or <c>Module.ReplaceBuffer</c>, which only subclasses of <see cref="nn.Module"/> can reach.</summary>
    internal delegate bool Converter<T>(ScalarType? dtype, Device? device, T tensor, out T? converted) where T : Tensor;

    private readonly List<Entry<Parameter>> parameters = [];
    private readonly List<Entry<Tensor>> buffers = [];

    internal void Add(string path, string name, Action<Parameter>? replace) => parameters.Add(new(path, name, replace));

    internal void AddBuffer(string path, string name, Action<Tensor>? replace) => buffers.Add(new(path, name, replace));

    internal void Convert(nn.Module owner, Converter<Parameter> convert, Converter<Tensor> convertBuffer, ScalarType? dtype, Device? device)
    {
        foreach (var entry in parameters)
        {
            Convert(entry, owner.get_parameter(entry.Name)!, "parameter", convert, ((IParameterOwner)owner).Place, dtype, device);
        }

        foreach (var entry in buffers)
        {
            Convert(entry, owner.get_buffer(entry.Name)!, "buffer", convertBuffer, ((IParameterOwner)owner).PlaceBuffer, dtype, device);
        }
    }

    private static void Convert<T>(Entry<T> entry, T tensor, string kind, Converter<T> convert, Action<string, T> place, ScalarType? dtype, Device? device)
        where T : Tensor
    {
        if (!convert(dtype, device, tensor, out var converted))
        {
            return;
        }

        if (entry.Replace is null)
        {
            converted!.Dispose();
            throw new InvalidOperationException(
                $"The {kind} '{entry.Path}' cannot be converted or moved: that makes a new {typeof(T).Name}, and the field that holds the old one was "
                    + "registered "
                    +
                $"without a way to set it. Register it with LayerRegistry.Add{char.ToUpperInvariant(kind[0])}{kind[1..]}(path, {kind}, replaced => field = "
                    + "replaced), or create it with the right type and device.");
        }

        place(entry.Name, converted!);
        entry.Replace(converted!);
        tensor.Dispose();
    }

    private sealed record Entry<T>(string Path, string Name, Action<T>? Replace) where T : Tensor;
}
