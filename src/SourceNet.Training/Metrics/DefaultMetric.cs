using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A metric that is chosen when the first batch is seen.</summary>
internal sealed record DefaultMetric() : Metric("metric", OfSamples)
{
    /// <summary>The metric itself, or the one that this one stands for; null for none.</summary>
    internal static IMetric? Resolve(IMetric? metric, MeasuredBatch batch) => metric is DefaultMetric ? For(batch) : metric;

    public override IMetricSum Begin() => new Chosen();

    private static double OfSamples(Tensor outputs, Tensor targets) => For(new(outputs, targets, null))?.Mean(outputs, targets) ?? double.NaN;

    private static Metric? For(MeasuredBatch batch) => batch.Objective?.Kind switch
    {
        ObjectiveKind.CrossEntropy or ObjectiveKind.BinaryCrossEntropy => Accuracy,
        ObjectiveKind.MeanSquaredError or ObjectiveKind.MeanAbsoluteError or ObjectiveKind.Huber => MeanAbsoluteError,
        null when batch.Targets.dtype == ScalarType.Int64 && batch.Outputs.ndim == batch.Targets.ndim + 1 && batch.Outputs.is_floating_point() => Accuracy,
        // A loss of one's own, of values: what they mean, nobody knows.
        _ => null,
    };

    private sealed class Chosen : IMetricSum
    {
        private IMetricSum? sum;

        public double? Value => sum?.Value;

        public void Add(MeasuredBatch batch) => (sum ??= For(batch)?.Begin())?.Add(batch);
    }
}
