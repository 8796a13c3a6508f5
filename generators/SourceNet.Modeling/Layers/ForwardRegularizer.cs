using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Layers;

/// <summary>What a layer does for regularization.</summary>
public sealed record ForwardRegularizer(RegularizationKind Kind, Strength Strength)
{
    /// <summary>A regularizer with a rate; none where the rate is 0.</summary>
    public static IEnumerable<ForwardRegularizer> OfRate(RegularizationKind kind, Rate rate) => rate.IsZero ? [] : [new(kind, new Strength(rate))];

    /// <summary>A norm, whose strength is what it adds to the variance.</summary>
    public static ForwardRegularizer Norm(RegularizationKind kind, double eps) => new(kind, new Strength(Rate.Of(eps), "eps"));
}
