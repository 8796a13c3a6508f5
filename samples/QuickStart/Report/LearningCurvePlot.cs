using System.Globalization;
using Charts;
using ScottPlot;
using ScottPlot.TickGenerators;
using SourceNet.Training;

namespace QuickStart.Report;

/// <summary>Training and test accuracy of both models, epoch by epoch. Beside the last epoch stands the gap of each.</summary>
internal static class LearningCurvePlot
{
    private const int Width = 1200;
    private const int Height = 800;

    private static readonly Color s_plainColor = Chart.Palette[1];
    private static readonly Color s_regularizedColor = Chart.Palette[0];
    private static readonly Color s_textColor = Color.FromHex("#333333");

    /// <summary>The plot as a PNG file.</summary>
    public static byte[] Png(TrainingHistory plain, TrainingHistory regularized, int trainImages, ExperimentSettings settings)
    {
        using var plot = Chart.Prepare(new());
        AddCurves(plot, plain, s_plainColor);
        AddCurves(plot, regularized, s_regularizedColor);
        // One number at the top of its bar, the other at the bottom: they never meet.
        AddGap(plot, plain.Final, s_plainColor, distance: 0.035, plain.Final.TrainAccuracy);
        AddGap(plot, regularized.Final, s_regularizedColor, distance: 0.055, regularized.Final.TestAccuracy);

        plot.Title(string.Create(
            CultureInfo.InvariantCulture,
            $"Accuracy with and without regularization (Fashion-MNIST, {trainImages} training images, seed {settings.Seed})"), size: 22);
        LabelAxes(plot, settings.Epochs);
        ShowLegend(plot);
        return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void AddCurves(Plot plot, TrainingHistory curve, Color color)
    {
        var epochs = curve.Epochs.Select(result => (double)result.Epoch).ToArray();
        var train = curve.Epochs.Select(result => 100 * result.TrainAccuracy).ToArray();
        var test = curve.Epochs.Select(result => 100 * result.TestAccuracy).ToArray();
        AddCurve(plot, epochs, train, color, LinePattern.Dashed, $"{curve.Model}, training images");
        AddCurve(plot, epochs, test, color, LinePattern.Solid, $"{curve.Model}, test images");
    }

    private static void AddCurve(Plot plot, double[] epochs, double[] accuracies, Color color, LinePattern pattern, string label)
    {
        var line = plot.Add.Scatter(epochs, accuracies, color);
        line.LinePattern = pattern;
        line.LineWidth = 3;
        line.MarkerSize = 8;
        line.LegendText = label;
    }

    private static void AddGap(Plot plot, EpochResult final, Color color, double distance, double labelAccuracy)
    {
        var bar = plot.Add.Line(final.Epoch * (1 + distance), 100 * final.TestAccuracy, final.Epoch * (1 + distance), 100 * final.TrainAccuracy);
        bar.Color = color;
        bar.LineWidth = 6;
        var label = plot.Add.Text(string.Create(CultureInfo.InvariantCulture, $"gap {100 * final.Gap:F1}"), final.Epoch * 1.055, 100 * labelAccuracy);
        label.LabelFontName = Chart.FontName;
        label.LabelFontSize = 18;
        label.LabelFontColor = color;
        label.LabelAlignment = Alignment.MiddleLeft;
        label.OffsetX = 10;
    }

    private static void LabelAxes(Plot plot, int epochs)
    {
        plot.XLabel("epochs of training", size: 18);
        plot.YLabel("accuracy (% of images)", size: 18);
        var ticks = Enumerable.Range(1, epochs).Where(epoch => epoch % ((epochs + 19) / 20) == 0).ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            [.. ticks.Select(epoch => (double)epoch)],
            [.. ticks.Select(epoch => epoch.ToString(CultureInfo.InvariantCulture))]);
        plot.Axes.Left.TickGenerator = new NumericAutomatic { MinimumTickSpacing = 40 };
        plot.Axes.Bottom.TickLabelStyle.FontSize = 16;
        plot.Axes.Left.TickLabelStyle.FontSize = 16;
        plot.Axes.Left.MinimumSize = 75;
        plot.Axes.Color(s_textColor);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsX(1 - (0.04 * epochs), 1.16 * epochs);     // room for the gaps at the right
    }

    private static void ShowLegend(Plot plot)
    {
        plot.Legend.FontName = Chart.FontName;
        plot.Legend.FontSize = 18;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.SymbolWidth = 48;
        plot.ShowLegend(Alignment.LowerRight);
    }
}
