using System.ComponentModel;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

/// <summary>The weights of classes that a model declares for its objective.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ClassWeights
{
    /// <summary>A copy of weights, checked.</summary>
    /// <param name="weights">One number for each class.</param>
    /// <exception cref="ArgumentException">There is none, one is negative or not finite, or all of them are 0.</exception>
    public static double[] Checked(IEnumerable<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] copy = [.. weights];
        var wrong = Array.FindIndex(copy, weight => !(weight >= 0 && double.IsFinite(weight)));
        if (wrong >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The weight of a class must be at least 0 and finite, found {copy[wrong]} for class {wrong}."), nameof(weights));
        }

        return Array.Exists(copy, weight => weight > 0)
            ? copy
            : throw new ArgumentException($"Expected a weight for each class, of which one is above 0, found {copy.Length} and none above 0.", nameof(weights));
    }

    /// <summary>Weights as a tensor of the logits' type, on their device.</summary>
    /// <param name="weights">One number for each class.</param>
    /// <param name="logits">What they are for.</param>
    /// <returns><c>[C]</c>; it belongs to the caller.</returns>
    public static Tensor For(double[] weights, Tensor logits)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(logits);
        return tensor(weights, logits.dtype, logits.device);
    }
}
