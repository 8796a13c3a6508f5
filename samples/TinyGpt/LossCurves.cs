using Charts;
using ScottPlot;
using SourceNet.Training;

namespace TinyGpt;

/// <summary>Validation losses while models learn: a color a norm, a line a seed.</summary>
internal static class LossCurves
{
    public static byte[] Png(IReadOnlyList<(string Norm, TrainingHistory History)> histories)
    {
        using var plot = Chart.Prepare(new());
        foreach (var (index, norm) in histories.GroupBy(one => one.Norm, one => one.History).Index())
        {
            foreach (var (place, history) in norm.Index())
            {
                double[] steps = [.. history.Epochs.Select(epoch => (double)(epoch.Epoch * Experiment.StepsInAnEpoch))];
                // One line for each norm in the legend.
                Chart.AddLine(plot, place == 0 ? norm.Key : "", Chart.Palette[index], steps, [.. history.Epochs.Select(epoch => epoch.ValidationLoss!.Value)]);
            }
        }

        plot.Title("Validation loss with RMSNorm and with LayerNorm, a line for each seed");
        plot.XLabel("training steps");
        plot.YLabel("nats for each character");
        plot.ShowLegend(Alignment.UpperRight);
        return plot.GetImageBytes(1100, 480, ImageFormat.Png);
    }
}
