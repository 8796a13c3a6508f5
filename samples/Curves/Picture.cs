using Charts;
using ScottPlot;
using TorchSharp;
using static TorchSharp.torch;

namespace Curves;

/// <summary>Points, the function that they come from, and polynomials.</summary>
internal static class Picture
{
    private const int Places = 400;

    public static byte[] Png(string title, double[] x, double[] y, IReadOnlyList<(string Name, Tensor Weights)> fits)
    {
        using var plot = Chart.Prepare(new());
        double[] places = [.. Enumerable.Range(0, Places).Select(place => -1 + (2.0 * place / (Places - 1)))];
        var truth = plot.Add.ScatterLine(places, [.. places.Select(Polynomial.Truth)], Colors.Gray);
        truth.LegendText = "sine";
        truth.LinePattern = LinePattern.Dashed;
        foreach (var (index, (name, weights)) in fits.Index())
        {
            using var basis = Polynomial.Basis(places, (int)weights.size(0) - 1);
            using var values = basis.mv(weights);
            var line = plot.Add.ScatterLine(places, values.data<double>().ToArray(), Chart.Palette[index % Chart.Palette.Count]);
            line.LegendText = name;
            line.LineWidth = 2;
        }

        var points = plot.Add.ScatterPoints(x, y, Colors.Black);
        points.LegendText = "points";
        plot.Axes.SetLimits(-1.05, 1.05, -2, 2);
        plot.Title(title);
        plot.ShowLegend(Edge.Right);
        return plot.GetImageBytes(1100, 480, ImageFormat.Png);
    }
}
