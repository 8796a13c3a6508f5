using Charts;
using ScottPlot;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Results;

/// <summary>
/// What trials reported on their way as a picture: a curve for each, gray for those that were stopped, with lines at the rungs of the halving.
/// </summary>
internal static class CurvePlot
{
    /// <returns>Null where nothing was reported.</returns>
    public static byte[]? Png(SweepFile sweep, IReadOnlyList<TrialOutcome> outcomes, BestSetting? best)
    {
        if (sweep.Objective is not { } metric)
        {
            return null;
        }

        var curves = outcomes
            .Where(outcome => outcome.Report is not null)
            .Select(outcome => (
                outcome,
                Steps: outcome.Report!.Steps.Where(step => step.Metrics.TryGetValue(metric, out var value) && double.IsFinite(value)).ToList()))
            .Where(curve => curve.Steps.Count > 0)
            // What matters lies on top.
            .OrderBy(curve => curve.outcome.Trial.Key == best?.Trial.Key ? 2 : curve.outcome.Stopped is null ? 1 : 0)
            .ToList();
        if (curves.Count == 0)
        {
            return null;
        }

        var plot = Chart.Prepare(new Plot());
        foreach (var rung in sweep.HalvingOfTrials?.Rungs() ?? [])
        {
            var line = plot.Add.VerticalLine(rung, 1, Colors.LightGray);
            line.LinePattern = LinePattern.Dashed;
        }

        var named = new HashSet<string>();
        foreach (var (outcome, steps) in curves)
        {
            var (name, color, width) = outcome.Trial.Key == best?.Trial.Key ? ("best", Chart.Palette[1], 3)
                : outcome.Stopped is not null ? ("stopped", Colors.Gray, 1)
                : outcome.Metrics is not null ? ("done", Chart.Palette[0], 1)
                : ("not done", Chart.Palette[3], 1);
            var line = plot.Add.Scatter(steps.Select(step => (double)step.Step).ToArray(), steps.Select(step => step.Metrics[metric]).ToArray(), color);
            line.LineWidth = width;
            line.MarkerSize = 5;
            line.LegendText = named.Add(name) ? name : "";
        }

        plot.Title(sweep.Name);
        plot.XLabel("step");
        plot.YLabel(metric);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.ShowLegend(sweep.Maximize is null ? Alignment.UpperRight : Alignment.LowerRight);
        return plot.GetImageBytes(900, 500, ImageFormat.Png);
    }
}
