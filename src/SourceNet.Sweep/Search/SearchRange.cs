using System.Text.Json;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>The values that a parameter may have in a search.</summary>
internal abstract record SearchRange
{
    /// <summary>Draws a value before anything is known.</summary>
    public abstract JsonElement Draw(ref RandomStream random);

    /// <summary>Densities around values that were tried.</summary>
    /// <param name="observed">The values of the parameter, one for each kernel; one more kernel, the last, is the density before anything is known.</param>
    /// <param name="parameters">How many parameters the search has: the more, the wider the kernels.</param>
    public abstract IKernels Kernels(IReadOnlyList<JsonElement> observed, int parameters);
}

/// <summary>The densities of one parameter around values that were tried.</summary>
internal interface IKernels
{
    /// <summary>Draws a value of a kernel.</summary>
    JsonElement Draw(int kernel, ref RandomStream random);

    /// <summary>The logarithms of a value's density, or probability, in every kernel.</summary>
    double[] LogDensities(JsonElement value);
}
