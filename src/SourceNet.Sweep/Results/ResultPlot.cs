using ScottPlot;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Results;

/// <summary>The results as a picture: a panel for each grid, a row of points for each metric, with error bars of one standard deviation over the seeds.</summary>
internal static class ResultPlot
{
    private static readonly Color[] s_colors = [Colors.SteelBlue, Colors.DarkOrange, Colors.SeaGreen, Colors.FireBrick, Colors.MediumPurple, Colors.Gray];

    public static byte[] Png(SweepFile sweep, IReadOnlyList<SettingResult> results)
    {
        // A font of the program's own: a container may have none.
        Fonts.AddFontFile("Sweep", Path.Combine(AppContext.BaseDirectory, "OpenSans-Regular.ttf"));
        var measured = results.Where(result => result.Values.Values.Any(values => values.Length > 0)).ToList();
        var metrics = sweep.Plot ?? [.. measured.SelectMany(result => result.Values.Keys).Distinct(StringComparer.Ordinal)];
        var grids = measured.GroupBy(result => result.Setting.Grid).OrderBy(grid => grid.Key).ToList();
        var panels = new Multiplot();
        panels.AddPlots(Math.Max(1, grids.Count));
        panels.Layout = new ScottPlot.MultiplotLayouts.Rows();
        for (var panel = 0; panel < grids.Count; panel++)
        {
            Draw(panels.GetPlot(panel), panel == 0 ? sweep.Name : "", [.. sweep.Grids[grids[panel].Key].Keys], [.. grids[panel]], metrics);
        }

        return panels.Render(1100, 340 * Math.Max(1, grids.Count)).GetImageBytes(ImageFormat.Png);
    }

    private static void Draw(Plot plot, string title, IReadOnlyList<string> names, IReadOnlyList<SettingResult> results, IReadOnlyList<string> metrics)
    {
        plot.Font.Set("Sweep");
        for (var number = 0; number < metrics.Count; number++)
        {
            var metric = metrics[number];
            var color = s_colors[number % s_colors.Length];
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

        plot.Axes.Bottom.SetTicks([.. results.Select((_, place) => (double)place)], [.. results.Select(result => result.Setting.Text(names).Replace(", ", "\n", StringComparison.Ordinal))]);
        plot.Axes.SetLimitsX(-0.5, results.Count - 0.5);
        plot.Title(title);
        plot.ShowLegend(Edge.Right);
    }
}
