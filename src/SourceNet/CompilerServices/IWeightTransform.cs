using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>A layer between a weight and its use, which takes the weight's length away: a regularizer of the weight must act on what comes out.</summary>
internal interface IWeightTransform
{
    /// <summary>Why a regularization can change nothing of the weight that is used; null if it can.</summary>
    string? Refusal(WeightRegularization regularization);

    /// <summary>What has the squared length of the weight that is used, differentiable.</summary>
    Tensor Length { get; }

    /// <summary>Multiplies the weight that is used.</summary>
    void Scale(double factor);

    /// <summary>
    /// Lets the weight that is used be changed in place, and makes the parameters such that it comes out. Units that are not changed keep their bits.
    /// </summary>
    void Change(Parameter weight, Action<Tensor> change);
}

/// <summary>
/// Which weights are transformed before they are used. A layer says so when it is made, and at each use, since a conversion makes new parameters.
/// </summary>
internal static class WeightTransforms
{
    private static readonly ConditionalWeakTable<Tensor, IWeightTransform> s_transforms = [];

    internal static void Note(Tensor weight, IWeightTransform transform)
    {
        if (weight is Parameter && !(s_transforms.TryGetValue(weight, out var known) && ReferenceEquals(known, transform)))
        {
            s_transforms.AddOrUpdate(weight, transform);
        }
    }

    internal static IWeightTransform? Of(Tensor weight) => s_transforms.TryGetValue(weight, out var transform) ? transform : null;

    /// <exception cref="ArgumentException">The regularization can change nothing of it.</exception>
    internal static void CheckActs(Tensor weight, WeightRegularization regularization, string group)
    {
        if (Of(weight)?.Refusal(regularization) is { } reason)
        {
            throw new ArgumentException($"A weight {Shapes.Text(weight.shape)} in the group '{group}' {reason}", nameof(regularization));
        }
    }
}
