using System.Globalization;
using Charts;
using ScottPlot;
using SourceNet.Training;
using Spectre.Console;
using TorchSharp;
using static TorchSharp.torch;

namespace BatchNormModes;

/// <summary>How many test images are right in both modes, by the size of a batch and by who is in it.</summary>
internal static class BatchSizes
{
    /// <summary>Shows them.</summary>
    /// <returns>The same as a picture.</returns>
    public static byte[] Run(IAnsiConsole console, Net net, LabeledImages test)
    {
        string[] modes = ["eval mode", "train mode, mixed classes", "train mode, one class in a batch"];
        int[] sizes = [2, 4, 8, 16, 32, 100];
        using var ungraded = no_grad();
        double[][] accuracies =
        [
            [.. sizes.Select(size => Accuracy(net, test, size, trains: false, sorted: false))],
            [.. sizes.Select(size => Accuracy(net, test, size, trains: true, sorted: false))],
            [.. sizes.Select(size => Accuracy(net, test, size, trains: true, sorted: true))],
        ];
        var table = new Table().RoundedBorder().AddColumns(["images in a batch", .. modes]);
        foreach (var column in table.Columns)
        {
            column.RightAligned();
        }

        foreach (var (row, size) in sizes.Index())
        {
            table.AddRow([size.ToString(CultureInfo.InvariantCulture), .. accuracies.Select(mode => Percent(mode[row]))]);
        }

        console.Write(table);
        return Png(sizes, modes, accuracies);
    }

    private static byte[] Png(int[] sizes, string[] modes, double[][] accuracies)
    {
        using var plot = Chart.Prepare(new());
        // A size a step: they are nearly powers of two.
        double[] steps = [.. Enumerable.Range(0, sizes.Length).Select(step => (double)step)];
        foreach (var (index, mode) in modes.Index())
        {
            Chart.AddLine(plot, mode, Chart.Palette[index], steps, [.. accuracies[index].Select(share => 100 * share)]);
        }

        plot.Axes.Bottom.SetTicks(steps, [.. sizes.Select(size => size.ToString(CultureInfo.InvariantCulture))]);
        plot.Axes.SetLimitsY(0, 100);
        plot.Title("One network with batch norm, 1000 test images");
        plot.XLabel("images in a batch");
        plot.YLabel("accuracy (%)");
        plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(1100, 420, ImageFormat.Png);
    }

    private static double Accuracy(Net net, LabeledImages test, int size, bool trains, bool sorted)
    {
        // A copy: train mode would change the statistics that the next row starts from.
        using var copy = new Net();
        copy.load_state_dict(net.state_dict());
        copy.train(trains);
        using var source = sorted ? Sorted(test) : test.Take(test.Count);
        var (right, seen) = (0L, 0L);
        foreach (var batch in new Batches(source, FashionMnist.Normalize, size, seed: 7, shuffle: !sorted, dropLast: true).Epoch(1))
        {
            using var scope = NewDisposeScope();
            right += copy.call(batch.Images).argmax(1).eq(batch.Labels).sum().item<long>();
            seen += size;
        }

        return (double)right / seen;
    }

    /// <summary>The images class by class.</summary>
    private static LabeledImages Sorted(LabeledImages images)
    {
        var labels = images.Labels.ToArray();
        var order = Enumerable.Range(0, images.Count).OrderBy(index => labels[index]).ToArray();
        var pixels = new byte[images.Count * images.Shape.Count];
        for (var place = 0; place < order.Length; place++)
        {
            images.Read(order[place], pixels.AsSpan(place * images.Shape.Count, images.Shape.Count));
        }

        return new(pixels, [.. order.Select(index => labels[index])], images.Shape, images.Classes);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");
}
