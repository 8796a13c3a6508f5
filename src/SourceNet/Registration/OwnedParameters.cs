using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Keeps fields of the type <see cref="Parameter"/> and the module's registered parameters the same object.</summary>
/// <remarks>
/// A conversion to another device or element type makes a new <see cref="Parameter"/> and disposes the old one. TorchSharp finds the field
/// that holds it by reflection, by its name; where that fails, the field keeps the disposed parameter. Here a field says how it is set.
/// </remarks>
internal sealed class OwnedParameters
{
    /// <summary><c>Module.ReplaceParameter</c>, which only subclasses of <see cref="nn.Module"/> can reach.</summary>
    internal delegate bool Converter(ScalarType? dtype, Device? device, Parameter parameter, out Parameter? converted);

    private readonly List<(string Path, string Name, Action<Parameter>? Replace)> entries = [];

    internal void Add(string path, string name, Action<Parameter>? replace) => entries.Add((path, name, replace));

    internal void Convert(nn.Module owner, Converter convert, ScalarType? dtype, Device? device)
    {
        foreach (var (path, name, replace) in entries)
        {
            var parameter = owner.get_parameter(name)!;
            if (!convert(dtype, device, parameter, out var converted))
            {
                continue;
            }
            if (replace is null)
            {
                converted!.Dispose();
                throw new InvalidOperationException(
                    $"The parameter '{path}' cannot be converted or moved: that makes a new Parameter, and the field that holds the old one was registered " +
                    "without a way to set it. "
                    + "Register it with LayerRegistry.AddParameter(path, parameter, replaced => field = replaced), "
                    + "or create it with the right type and device.");
            }
            ((IParameterOwner)owner).Place(name, converted!);
            replace(converted!);
            parameter.Dispose();
        }
    }
}
