using System.Globalization;
using System.Text;
using System.Text.Json;
using QuickStart.Report;
using SkiaSharp;
using SourceNet.Training;

namespace QuickStart.Tests.Report;

public class ReportTests
{
    private static readonly TrainingHistory s_plain = History("PlainCnn", Epoch(1, 1.5, 0.7, 0.65), Epoch(2, 0.5, 0.99, 0.86));
    private static readonly TrainingHistory s_regularized = History("RegularizedCnn", Epoch(1, 1.6, 0.75, 0.74), Epoch(2, 0.9, 0.94, 0.87));
    private static readonly ExperimentSettings s_settings = new("data", "output", null, Epochs: 2, Seed: 7);

    [Fact]
    public void The_numbers_file_holds_settings_results_and_curves()
    {
        var json = JsonDocument.Parse(JsonReport.Utf8(s_plain, s_regularized, 12, 5, s_settings)).RootElement;

        Assert.Equal(7, json.GetProperty("seed").GetInt32());
        Assert.Equal(12, json.GetProperty("trainImages").GetInt32());
        Assert.Equal(5, json.GetProperty("testImages").GetInt32());
        var plain = json.GetProperty("models")[0];
        Assert.Equal("PlainCnn", plain.GetProperty("name").GetString());
        Assert.Equal(0.99, plain.GetProperty("trainAccuracy").GetDouble());
        Assert.Equal(0.86, plain.GetProperty("testAccuracy").GetDouble());
        Assert.Equal(0.13, plain.GetProperty("gap").GetDouble());
        Assert.Equal(2, plain.GetProperty("curve").GetArrayLength());
        Assert.Equal(1.6, json.GetProperty("models")[1].GetProperty("curve")[0].GetProperty("loss").GetDouble());
    }

    [Fact]
    public void Numbers_are_written_the_same_way_in_every_culture()
    {
        var here = JsonReport.Utf8(s_plain, s_regularized, 12, 5, s_settings);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("sv-SE") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "−" } };
            Assert.Equal(here, JsonReport.Utf8(s_plain, s_regularized, 12, 5, s_settings));
            Assert.Contains("13.0 -> 7.0", ConsoleReport.Verdict(s_plain.Final, s_regularized.Final));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void The_verdict_says_what_came_out_whatever_it_is()
    {
        Assert.StartsWith("Regularization shrank the gap", ConsoleReport.Verdict(s_plain.Final, s_regularized.Final));
        Assert.StartsWith("Regularization did not shrink the gap", ConsoleReport.Verdict(s_regularized.Final, s_plain.Final));
        Assert.StartsWith("Regularization did not shrink the gap", ConsoleReport.Verdict(s_plain.Final, s_plain.Final));
    }

    [Fact]
    public void The_plot_shows_both_models()
    {
        using var image = SKBitmap.Decode(LearningCurvePlot.Png(s_plain, s_regularized, 12, s_settings));

        Assert.Equal((1200, 800), (image.Width, image.Height));
        Assert.True(Count(image, new SKColor(0xD5, 0x5E, 0x00)) > 1000, "no curve in the color of the plain model");
        Assert.True(Count(image, new SKColor(0x00, 0x72, 0xB2)) > 1000, "no curve in the color of the regularized model");
    }

    [Fact]
    public void The_plot_has_letters_though_no_font_is_installed()
    {
        // Nothing but the title is drawn in the top strip. Boxes for missing letters would be the same for any text.
        using var one = SKBitmap.Decode(LearningCurvePlot.Png(s_plain, s_regularized, 12, s_settings));
        using var two = SKBitmap.Decode(LearningCurvePlot.Png(s_plain, s_regularized, 4000, s_settings));

        Assert.True(Dark(one) > 200, "no title");
        Assert.NotEqual(Dark(one), Dark(two));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Any_number_of_epochs_can_be_plotted(int epochs)
    {
        var curve = History("PlainCnn", [.. Enumerable.Range(1, epochs).Select(epoch => Epoch(epoch, 1, 0.9, 0.8))]);

        var png = LearningCurvePlot.Png(curve, curve, 12, s_settings with { Epochs = epochs });

        Assert.Equal("PNG", Encoding.ASCII.GetString(png, 1, 3));
    }

    private static TrainingHistory History(string model, params EpochResult[] epochs) => new(model, "accuracy", epochs, epochs[^1], StoppedEarly: false);

    private static EpochResult Epoch(int number, double loss, double train, double test) => new(number, 2e-3, loss, loss, train, loss, test, Seconds: 1);

    private static int Count(SKBitmap image, SKColor color) => image.Pixels.Count(pixel => pixel == color);

    private static int Dark(SKBitmap image) => image.Pixels.Take(50 * image.Width).Count(pixel => pixel.Red < 128);
}
