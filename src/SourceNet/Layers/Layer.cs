using System.Runtime.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// What the layers of this namespace share: an ordinary TorchSharp module whose parameters, buffers and sub-modules are registered explicitly.
/// Its <c>forward</c> returns a new tensor, never its argument, and leaves no temporary behind.
/// </summary>
public abstract class Layer : nn.Module<Tensor, Tensor>
{
    /// <summary>Parts that are registered elsewhere, in order: they are in no list of TorchSharp's of what the layer holds.</summary>
    private readonly List<nn.Module> released = [];

    private protected Layer(string name) : base(name) { }

    /// <summary>
    /// Registers nothing: everything is registered by name. TorchSharp would search the fields by reflection, which trimming and native AOT break.
    /// </summary>
    protected sealed override void RegisterComponents() { }

    /// <summary>A module, and what it computes with that is registered elsewhere.</summary>
    internal static IEnumerable<nn.Module> WithReleased(nn.Module module) => module is Layer layer ? layer.released.Prepend(module) : [module];

    /// <summary>A part that is registered elsewhere from now on; the layer still computes with it.</summary>
    /// <exception cref="InvalidOperationException">There is no part of that name.</exception>
    internal nn.Module Release(string part)
    {
        var module = named_children().FirstOrDefault(child => child.name == part).module
            ?? throw new InvalidOperationException($"{GetType().Name} has no part '{part}'.");
        register_module(part, null!);
        released.Add(module);
        return module;
    }

    /// <summary>Whether somebody looks at the calls of this module, so that they must take place.</summary>
    private protected bool HasHooks => pre_hooks.Count + post_hooks.Count + module_pre_hooks.Count + module_post_hooks.Count > 0;

    /// <summary>
    /// The setter of a parameter that is stored in the module's registry and nowhere else, so that <c>.to()</c> cannot leave a stale copy behind.
    /// </summary>
    private protected void Replace(string name, Parameter? value)
    {
        if (get_parameter(name) is { } old && !ReferenceEquals(old, value))
        {
            old.Dispose();
        }

        ConditionallyRegisterParameter(name, value);
    }

    /// <summary>A mask that is 1/(1 − rate) with probability 1 − rate and else 0, with the type and on the device of <paramref name="like"/>.</summary>
    private protected static Tensor KeepMask(long[] shape, double rate, Tensor like)
    {
        using var scale = (1 / (1 - rate)).ToScalar();
        return empty(shape, like.dtype, like.device).bernoulli_(1 - rate).mul_(scale);
    }

    private protected static Tensor Noise(Tensor like, double mean, double standardDeviation)
    {
        using var detached = like.detach();
        return detached.empty_like().normal_(mean, standardDeviation);
    }

    private protected static double CheckedRate(double rate, [CallerArgumentExpression(nameof(rate))] string? name = null) =>
        rate is >= 0 and < 1
            ? rate
            : throw new ArgumentOutOfRangeException(name, rate, "The rate must be at least 0 and below 1.");

    private protected static long CheckedSize(long size, [CallerArgumentExpression(nameof(size))] string? name = null) =>
        size >= 1
            ? size
            : throw new ArgumentOutOfRangeException(name, size, "The size must be at least 1.");

    private protected T Register<T>(string name, T part) where T : nn.Module
    {
        register_module(name, part);
        return part;
    }

    private protected static void CheckLastAxis(Tensor input, long dim, string layer)
    {
        ArgumentNullException.ThrowIfNull(input);
        var rank = (int)input.ndim;
        if (rank == 0 || input.size(rank - 1) != dim)
        {
            throw new ArgumentException($"{layer} takes [..., {dim}], and the input is {Text(input.shape)}.", nameof(input));
        }
    }

    private protected static void CheckUnits(Tensor weight, int unitAxis, string layer)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.ndim < 2)
        {
            throw new ArgumentException($"{layer} takes a weight [out, in...], and this one is {Text(weight.shape)}.", nameof(weight));
        }

        if (unitAxis < 0 || unitAxis >= weight.ndim)
        {
            throw new ArgumentOutOfRangeException(nameof(unitAxis), unitAxis, $"The weight {Text(weight.shape)} has no such axis.");
        }
    }

    private protected static string Text(ReadOnlySpan<long> shape) => Shapes.Text(shape);
}
