using System.ComponentModel;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>Adds up the objectives of a model.</summary>
/// <remarks>Generated code calls it.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WeightedSum
{
    /// <summary>The sum of objectives, each as often as it counts.</summary>
    /// <param name="objectives">Scalars, at least one, with their weights.</param>
    public static Tensor Of(params (Tensor Objective, double Weight)[] objectives)
    {
        using var scope = NewDisposeScope();
        return objectives.Select(Weighted).Aggregate(Fused.Add).MoveToOuterDisposeScope();
    }

    private static Tensor Weighted((Tensor Objective, double Weight) part)
    {
        using var scalar = part.Weight.ToScalar();
        return part.Weight == 1 ? part.Objective.alias() : part.Objective.mul(scalar);
    }
}
