using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// What it does to a model's output that norms take the statistics of the batch in train mode, and their running statistics in eval mode. Print it to see the
/// table.
/// </summary>
/// <remarks>
/// A large difference says that the batch is not like those the model was trained on, that it is small, or that the running statistics lag behind the weights.
/// In train mode a norm is a deterministic function of its batch: a sample's output depends on the other samples.
/// </remarks>
public sealed class NormModes
{
    private NormModes(ModeDifference norms, ModeDifference training, IReadOnlyList<NormShift> layers) => (Norms, Training, Layers) = (norms, training, layers);

    /// <summary>The difference from eval mode with norms alone in train mode.</summary>
    public ModeDifference Norms { get; }

    /// <summary>The difference from eval mode with everything in train mode. It has the draws of dropout in it.</summary>
    public ModeDifference Training { get; }

    /// <summary>
    /// The norms with running statistics that the forward pass reached, in order of registration. One that is called several times shows the last batch.
    /// </summary>
    public IReadOnlyList<NormShift> Layers { get; }

    /// <summary>Runs a model on a batch in both modes, without gradients.</summary>
    /// <param name="model">The model. Modes, momenta and buffers of every module, and torch's random generator on the CPU, are as before when this returns or
    /// throws.</param>
    /// <param name="batch">What the model takes. It stays as it is.</param>
    public static NormModes Compare(nn.Module<Tensor, Tensor> model, Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var modes = model.EvalScope();
        using var state = new BufferScope(model);
        var expected = model.call(batch);
        var (normed, layers) = CallWithNormsTraining(model, batch);
        model.train();
        return new NormModes(Difference(normed, expected), Difference(model.call(batch), expected), layers);
    }

    /// <summary>The differences, and one line for each norm. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var table = new TextTable(("Norm", false), ("Mean", true), ("Variance", true));
        foreach (var layer in Layers)
        {
            table.Add(
                layer.Path,
                string.Create(CultureInfo.InvariantCulture, $"{layer.Mean:0.00} σ"),
                string.Create(CultureInfo.InvariantCulture, $"× {layer.Variance:0.00}"));
        }

        var text = new StringBuilder();
        table.WriteTo(text);
        Append("Norms in train mode", Norms);
        Append("All in train mode", Training);
        return text.ToString();

        void Append(string what, ModeDifference difference) =>
            text.Append(CultureInfo.InvariantCulture, $"{what}: outputs differ by at most {difference.Largest:G3}, relatively by {difference.Relative:P1}.\n");
    }

    private static (Tensor Output, IReadOnlyList<NormShift> Layers) CallWithNormsTraining(nn.Module<Tensor, Tensor> model, Tensor batch)
    {
        var norms = TrackingNorm.In(model);
        var running = norms.Select(norm => (Mean: norm.Mean.clone(), Variance: norm.Variance.clone())).ToList();
        using var momenta = new MomentumScope(norms);
        // The running statistics become the batch's own. Not by hooks, which a fused norm does not run.
        momenta.Set(1);
        foreach (var tracking in norms)
        {
            tracking.Norm.reset_running_stats();
            tracking.Norm.train();
        }

        var output = model.call(batch);
        var layers = norms.Zip(running).Where(pair => IsReached(pair.First)).Select(pair => Shift(pair.First, pair.Second.Mean, pair.Second.Variance));
        return (output, [.. layers]);
    }

    /// <summary>Reset statistics are means of 0 and variances of 1, and no batch has exactly those in every channel.</summary>
    private static bool IsReached(TrackingNorm batch) => Numbers(batch.Mean).Any(mean => mean != 0) || Numbers(batch.Variance).Any(variance => variance != 1);

    private static NormShift Shift(TrackingNorm batch, Tensor runningMean, Tensor runningVariance)
    {
        var eps = batch.Norm.eps;
        var variances = Numbers(runningVariance);
        var distances = Numbers(runningMean).Zip(Numbers(batch.Mean), (running, found) => Math.Abs(running - found));
        var shifts = distances.Zip(variances, (distance, variance) => distance / Math.Sqrt(variance + eps));
        var ratios = variances.Zip(Numbers(batch.Variance), (running, found) => (Math.Max(running, found) + eps) / (Math.Min(running, found) + eps));
        return new NormShift(batch.Path, shifts.Aggregate(Math.Max), ratios.Aggregate(Math.Max));
    }

    private static double[] Numbers(Tensor tensor)
    {
        using var wide = tensor.to(ScalarType.Float64).cpu();
        return wide.data<double>().ToArray();
    }

    private static ModeDifference Difference(Tensor found, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var (wideFound, wideExpected) = (found.to(ScalarType.Float64), expected.to(ScalarType.Float64));
        var difference = wideFound - wideExpected;
        // Not vector_norm, which makes a Scalar that nothing keeps alive.
        var (distance, norm) = (linalg.norm(difference).item<double>(), linalg.norm(wideExpected).item<double>());
        return new ModeDifference(difference.abs().max().item<double>(), distance == 0 ? 0 : distance / norm);
    }
}
