using System.Globalization;
using Charts;
using ScottPlot;
using Spectre.Console;

namespace MnistSparsity;

/// <summary>The results as a table, a file and a picture.</summary>
internal static class Report
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Result> results)
    {
        var table = new Table().RoundedBorder().AddColumns("regularization", "accuracy", "zero", "< 1e-3", "accuracy, pruned", "size, pruned", "gzip, pruned");
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var group in results.GroupBy(result => result.Experiment))
        {
            table.AddRow(
                group.Key,
                Percent(group.Select(result => result.Accuracy)),
                Percent(group.Select(result => result.Zeros)),
                Percent(group.Select(result => result.Near)),
                Percent(group.Select(result => result.PrunedAccuracy)),
                Percent(group.Select(result => (double)result.SmallerBytes / result.DenseBytes)),
                Percent(group.Select(result => (double)result.PrunedGzipBytes / result.DenseBytes)));
        }

        console.Write(table);
    }

    public static string Csv(IEnumerable<Result> results) =>
        "regularization,seed,accuracy,zeros,near,pruned_accuracy,dense_bytes,smaller_bytes,gzip_bytes,pruned_gzip_bytes\n"
            + string.Concat(results.Select(result =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"{result.Experiment}\",{result.Seed},{result.Accuracy},{result.Zeros},{result.Near},{result.PrunedAccuracy},{result.DenseBytes},{result.SmallerBytes},{result.GzipBytes},{result.PrunedGzipBytes}\n")));

    /// <summary>A picture: zeros and small weights beside the accuracy, with the range over the seeds.</summary>
    public static byte[] Png(IReadOnlyList<Result> results)
    {
        using var plot = Chart.Prepare(new());
        var groups = results.GroupBy(result => result.Experiment).ToList();
        for (var place = 0; place < groups.Count; place++)
        {
            AddBar(plot, place - 0.27, [.. groups[place].Select(result => result.Zeros)], Colors.SteelBlue);
            AddBar(plot, place, [.. groups[place].Select(result => result.Near)], Colors.LightSteelBlue);
            AddBar(plot, place + 0.27, [.. groups[place].Select(result => result.PrunedAccuracy)], Colors.DarkOrange);
        }

        plot.Axes.Bottom.SetTicks([.. Enumerable.Range(0, groups.Count).Select(place => (double)place)], [.. groups.Select(group => group.Key
            .Replace(", ", ",\n")
            .Replace(" in", "\nin"))]);
        plot.Axes.SetLimitsY(0, 105);
        plot.YLabel("%");
        plot.Title("Weights that are exactly 0 (blue), below 1e-3 (light), test accuracy after pruning them (orange)");
        return plot.GetImageBytes(1400, 560, ImageFormat.Png);
    }

    private static void AddBar(Plot plot, double place, double[] shares, ScottPlot.Color color)
    {
        var mean = 100 * shares.Average();
        plot.Add.Bar(new Bar { Position = place, Value = mean, Size = 0.25, FillColor = color, LineWidth = 0, Error = 50 * (shares.Max() - shares.Min()) });
    }

    private static string Percent(IEnumerable<double> shares)
    {
        var list = shares.ToList();
        return list.Max() - list.Min() < 5e-4
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * list.Average():F1} %")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * list.Average():F1} ± {50 * (list.Max() - list.Min()):F1} %");
    }
}
