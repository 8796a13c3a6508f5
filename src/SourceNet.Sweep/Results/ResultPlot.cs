using Charts;
using ScottPlot;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Results;

/// <summary>
/// The results as a picture: a panel for each grid of several settings, a row of points for each metric, with error bars of one standard deviation over the
/// seeds.
/// </summary>
internal static class ResultPlot
{
    public static byte[] Png(SweepFile sweep, IReadOnlyList<SettingResult> results)
    {
        var measured = results.Where(result => result.Values.Values.Any(values => values.Length > 0)).ToList();
        var metrics = sweep.Plot ?? [.. measured.SelectMany(result => result.Values.Keys).Distinct(StringComparer.Ordinal)];
        var grids = measured.GroupBy(result => result.Setting.Grid).OrderBy(grid => grid.Key).ToLookup(grid => grid.Count() > 1);
        // Grids of one setting share a panel.
        List<List<SettingResult>> panels = [.. grids[true].Select(grid => grid.ToList()), grids[false].SelectMany(grid => grid).ToList()];
        panels.RemoveAll(panel => panel.Count == 0);
        var picture = new Multiplot();
        picture.AddPlots(Math.Max(1, panels.Count));
        picture.Layout = new ScottPlot.MultiplotLayouts.Rows();
        for (var row = 0; row < panels.Count; row++)
        {
            Draw(picture.GetPlot(row), row == 0 ? sweep.Name : "", sweep, panels[row], metrics);
        }

        // One scale, so that panels compare.
        var limits = picture.GetPlots().Select(plot => plot.Axes.GetLimits()).ToList();
        foreach (var plot in picture.GetPlots())
        {
            plot.Axes.SetLimitsY(limits.Min(limit => limit.Bottom), limits.Max(limit => limit.Top));
        }

        return picture.Render(1100, 340 * Math.Max(1, panels.Count)).GetImageBytes(ImageFormat.Png);
    }

    private static void Draw(Plot plot, string title, SweepFile sweep, IReadOnlyList<SettingResult> results, IReadOnlyList<string> metrics)
    {
        Chart.Prepare(plot);
        for (var number = 0; number < metrics.Count; number++)
        {
            var metric = metrics[number];
            var color = Chart.Palette[number % Chart.Palette.Count];
            var shown = results.Index().Where(result => result.Item.Values.TryGetValue(metric, out var values) && values.Length > 0).ToList();
            // Side by side, so that error bars do not hide each other.
            double[] places = [.. shown.Select(result => result.Index + (0.08 * (number - ((metrics.Count - 1) / 2.0))))];
            double[] means = [.. shown.Select(result => result.Item.Statistics(metric).Mean)];
            double[] deviations = [.. shown.Select(result => result.Item.Statistics(metric).Deviation)];
            var points = plot.Add.ScatterPoints(places, means, color);
            points.MarkerSize = 9;
            points.LegendText = metric;
            var bars = plot.Add.ErrorBar(places, means, deviations);
            bars.Color = color;
            bars.LineWidth = 2;
        }

        plot.Axes.Bottom.SetTicks([.. results.Select((_, place) => (double)place)], [.. results.Select(result => result.Setting
            .Text([.. sweep.Grids[result.Setting.Grid].Keys])
            .Replace(", ", "\n", StringComparison.Ordinal))]);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(-0.5, results.Count - 0.5);
        plot.Title(title);
        plot.ShowLegend(Edge.Right);
    }
}
