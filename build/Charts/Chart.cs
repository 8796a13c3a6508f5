using ScottPlot;

namespace Charts;

/// <summary>Starts pictures with a font of their own: a fresh server or a container has none.</summary>
internal static class Chart
{
    /// <summary>The font, to be set where a part of a picture does not take it over by itself.</summary>
    public const string FontName = "Open Sans";

    static Chart() => Fonts.AddFontFile(FontName, Path.Combine(AppContext.BaseDirectory, "Charts", "OpenSans-Regular.ttf"));

    /// <summary>Okabe and Ito's palette, which color-blind readers can tell apart too.</summary>
    public static IReadOnlyList<Color> Palette { get; } = [
        Color.FromHex("#0072B2"),
        Color.FromHex("#D55E00"),
        Color.FromHex("#009E73"),
        Color.FromHex("#CC79A7"),
        Color.FromHex("#E69F00"),
        Color.FromHex("#56B4E9")
    ];

    /// <summary>Sets the font of a plot.</summary>
    /// <returns>The same plot.</returns>
    public static Plot Prepare(Plot plot)
    {
        plot.Font.Set(FontName);
        return plot;
    }

    /// <summary>Adds a line through points.</summary>
    public static void AddLine(Plot plot, string name, Color color, double[] x, double[] y)
    {
        var line = plot.Add.Scatter(x, y, color);
        line.LegendText = name;
        line.LineWidth = 2;
        line.MarkerSize = 6;
    }
}
