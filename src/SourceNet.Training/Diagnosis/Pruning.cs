using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Sets the smallest weights of a model to exactly 0 (Han et al. 2015, <see href="https://arxiv.org/abs/1506.02626"/>).</summary>
/// <remarks>
/// Weights are parameters with at least two axes that are not part of a norm; biases, norms and the slopes of activations are pruned only when asked for. A
/// tensor that is shared counts once.
/// Zeros make nothing smaller or faster by themselves: <see cref="StorageReport"/> says what they save. A further step of an optimizer moves them off 0 again,
/// unless <see cref="HeldPruning"/> is among the callbacks of the training.
/// </remarks>
public static class Pruning
{
    /// <summary>Prunes the smallest weights of the whole model, so that layers with small weights lose more of them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">The share of the weights that is 0 afterwards, in [0, 1]. Those that are 0 before count, and come first.</param>
    /// <param name="allParameters">Whether biases, norms and all other parameters are pruned with the weights.</param>
    /// <returns>How many became 0 that were not.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share outside [0, 1].</exception>
    public static long Global(nn.Module model, double share, bool allParameters = false)
    {
        Probability.Check(share);
        return PruneSmallest([.. Targets(model, allParameters)], share);
    }

    /// <summary>Prunes the smallest weights of each weight tensor by itself, so that each loses the same share.</summary>
    /// <inheritdoc cref="Global"/>
    public static long PerLayer(nn.Module model, double share, bool allParameters = false)
    {
        Probability.Check(share);
        return Targets(model, allParameters).Sum(target => PruneSmallest([target], share));
    }

    /// <summary>Prunes every weight whose absolute value is below a threshold: what is nearly 0 becomes exactly 0.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threshold">At least 0. With 0 nothing changes.</param>
    /// <param name="allParameters">Whether biases, norms and all other parameters are pruned with the weights.</param>
    /// <returns>How many became 0 that were not.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A threshold that is negative or no number.</exception>
    public static long Below(nn.Module model, double threshold, bool allParameters = false)
    {
        if (!(threshold >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be at least 0.");
        }

        using var limit = threshold.ToScalar();
        return Targets(model, allParameters).Sum(target =>
        {
            using var magnitudes = target.Magnitudes();
            using var small = magnitudes.lt(limit);
            return CountSetToZero(target.Parameter, small);
        });
    }

    /// <summary>Prunes the smallest weights of a parameter.</summary>
    internal static void PruneSmallest(Parameter parameter, double share) => PruneSmallest([new LayerParameter("", "", parameter, IsWeight: true)], share);

    /// <summary>Sets numbers to 0; nothing where there is no tensor.</summary>
    internal static void SetToZero(Tensor? tensor, Tensor where)
    {
        using var noGradient = no_grad();
        using var zero = 0.ToScalar();
        tensor?.masked_fill_(where, zero);
    }

    private static IEnumerable<LayerParameter> Targets(nn.Module model, bool allParameters) =>
        LayerParameter.In(model).Where(parameter => allParameters || parameter.IsWeight);

    private static long PruneSmallest(LayerParameter[] targets, double share)
    {
        if (targets.Length == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        // One after the other on the CPU, whatever their types and devices. By position and not by a threshold: of equal weights the first ones go, and the
        // share is exact.
        var type = Array.Exists(targets, target => target.Parameter.dtype == ScalarType.Float64) ? ScalarType.Float64 : ScalarType.Float32;
        var magnitudes = cat([.. targets.Select(target => target.Magnitudes().flatten().to(type, CPU))]);
        var count = (long)Math.Round(share * magnitudes.numel(), MidpointRounding.AwayFromZero);
        var (_, order) = magnitudes.sort(0, stable: true);
        using var yes = true.ToScalar();
        var smallest = zeros(magnitudes.numel(), ScalarType.Bool).index_fill_(0, order.narrow(0, 0, count), yes);
        var parts = smallest.split([.. targets.Select(target => target.Parameter.numel())]);
        return targets.Zip(parts, (target, part) => CountSetToZero(target.Parameter, part.view(target.Parameter.shape))).Sum();
    }

    private static long CountSetToZero(Parameter parameter, Tensor where)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var zero = 0.ToScalar();
        var there = where.to(parameter.device);
        var changed = parameter.ne(zero).logical_and(there).count_nonzero().item<long>();
        parameter.masked_fill_(there, zero);
        return changed;
    }
}
