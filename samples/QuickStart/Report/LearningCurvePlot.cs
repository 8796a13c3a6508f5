using System.Globalization;
using QuickStart.Data;
using QuickStart.Training;
using ScottPlot;

namespace QuickStart.Report;

/// <summary>Training and test accuracy of both models, epoch by epoch. The band between the two curves of a model is its gap.</summary>
internal static class LearningCurvePlot
{
    private const int Width = 1200;
    private const int Height = 750;
    private const string Font = "Open Sans";

    private static readonly Color s_plainColor = Color.FromHex("#D55E00");          // Okabe and Ito's palette: told apart
    private static readonly Color s_regularizedColor = Color.FromHex("#0072B2");    // by color-blind readers too

    // The font travels with the program: a fresh server has none.
    static LearningCurvePlot() =>
        Fonts.AddFontFile(Font, Path.Combine(AppContext.BaseDirectory, "Report", "Fonts", "OpenSans-Regular.ttf"), bold: false, italic: false);

    /// <summary>The plot as a PNG file.</summary>
    public static byte[] Png(TrainedModel plain, TrainedModel regularized, FashionMnist data, ExperimentSettings settings)
    {
        using var plot = new Plot();
        AddModel(plot, plain, s_plainColor);
        AddModel(plot, regularized, s_regularizedColor);

        plot.Title(string.Create(CultureInfo.InvariantCulture, $"Fashion-MNIST, {data.Train.Count} training images, seed {settings.Seed}: accuracy with and without regularization"));
        plot.XLabel("epoch");
        plot.YLabel("accuracy (%)");
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.ShowLegend(Alignment.LowerRight);
        plot.Font.Set(Font);
        return plot.GetImage(Width, Height).GetImageBytes(ImageFormat.Png);
    }

    private static void AddModel(Plot plot, TrainedModel model, Color color)
    {
        var epochs = model.Curve.Select(result => (double)result.Epoch).ToArray();
        var train = model.Curve.Select(result => 100 * result.TrainAccuracy).ToArray();
        var test = model.Curve.Select(result => 100 * result.TestAccuracy).ToArray();
        var band = plot.Add.FillY(epochs, test, train);
        band.FillColor = color.WithAlpha(0.10);
        band.LineWidth = 0;
        AddCurve(plot, epochs, train, color, LinePattern.Dashed, $"{model.Name}, training images");
        AddCurve(plot, epochs, test, color, LinePattern.Solid, $"{model.Name}, test images");
    }

    private static void AddCurve(Plot plot, double[] epochs, double[] accuracies, Color color, LinePattern pattern, string label)
    {
        var curve = plot.Add.Scatter(epochs, accuracies, color);
        curve.LinePattern = pattern;
        curve.LineWidth = 3;
        curve.MarkerSize = 7;
        curve.LegendText = label;
    }
}
