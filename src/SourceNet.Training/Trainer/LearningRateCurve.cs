using System.Globalization;
using System.Text;

namespace SourceNet.Training;

/// <summary>A step of <see cref="Trainer.FindLearningRate"/>.</summary>
/// <param name="LearningRate">The learning rate that it took.</param>
/// <param name="Loss">The loss before it.</param>
/// <param name="Smoothed">The moving average of the losses up to it, without the bias to its beginning.</param>
public readonly record struct LearningRatePoint(double LearningRate, double Loss, double Smoothed);

/// <summary>The loss while the learning rate rises (Smith 2015, arXiv:1506.01186). Print it to see it as a plot.</summary>
public sealed class LearningRateCurve
{
    /// <summary>So many points at the beginning say little: the average has seen too few losses.</summary>
    private const int Warm = 10;

    /// <summary>The share of the loss that it must fall by in a step: less may be rounding.</summary>
    private const double Noise = 1e-6;
    private const int Width = 72;
    private const int Height = 16;

    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points, bool diverged)
    {
        (Points, Diverged) = (points, diverged);
        Suggestion = Steepest();
    }

    /// <summary>One point a step, learning rates rising.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>Whether it ended because the loss rose out of bounds.</summary>
    public bool Diverged { get; }

    /// <summary>
    /// The learning rate at which the smoothed loss falls the most for a step of the same factor; null if it falls nowhere, or there are too few points to
    /// tell.
    /// </summary>
    public double? Suggestion { get; }

    /// <summary>Writes <c>learning_rate,loss,smoothed_loss</c>. The file is replaced at once or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void WriteCsv(string path)
    {
        var text = new StringBuilder("learning_rate,loss,smoothed_loss\n");
        foreach (var point in Points)
        {
            text.Append(CultureInfo.InvariantCulture, $"{point.LearningRate},{point.Loss},{point.Smoothed}\n");
        }

        WholeFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The smoothed loss over the logarithm of the learning rate, the suggestion marked. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var (least, most) = (Points[0].LearningRate, Points[^1].LearningRate);
        text.Append(CultureInfo.InvariantCulture, $"{Points.Count} steps, learning rate {least:0.##e-00} to {most:0.##e-00}")
            .Append(Diverged ? ", where the loss rose out of bounds\n" : "\n");
        Plot(text);
        return text.Append(Suggestion is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"steepest descent at {rate:0.##e-00}\n")
            : "no suggestion: the smoothed loss falls nowhere, or there are too few points; begin lower, or take more steps\n").ToString();
    }

    private double? Steepest()
    {
        var (best, slope) = ((double?)null, -Noise * Points.Max(point => Math.Abs(point.Smoothed)));
        for (var place = Warm; place < Points.Count - 2; place++)
        {
            // Learning rates rise by one factor from point to point: the index is their logarithm.
            var here = (Points[place + 1].Smoothed - Points[place - 1].Smoothed) / 2;
            (best, slope) = here < slope ? (Points[place].LearningRate, here) : (best, slope);
        }

        return best;
    }

    private void Plot(StringBuilder text)
    {
        var (least, most) = (Points.Min(point => point.Smoothed), Points[0].Smoothed);
        // What rises above the beginning is cut off: divergence would flatten everything else.
        most = Math.Max(most, least + ((Points.Take(Warm).Max(point => point.Smoothed) - least) * 1.25));
        var lines = Enumerable.Range(0, Height).Select(_ => new string(' ', Width).ToCharArray()).ToArray();
        for (var column = 0; column < Width; column++)
        {
            var point = Points[(int)((long)column * (Points.Count - 1) / (Width - 1))];
            var height = most > least ? (most - Math.Min(point.Smoothed, most)) / (most - least) : 0;
            lines[(int)Math.Round(height * (Height - 1))][column] = '*';
        }

        for (var line = 0; line < Height; line++)
        {
            var loss = most - ((most - least) * line / (Height - 1));
            text.Append(CultureInfo.InvariantCulture, $"{loss,10:G4} | ").Append(new string(lines[line]).TrimEnd()).Append('\n');
        }

        text.Append(' ', 11).Append('+').Append('-', Width + 1).Append('\n');
        if (Suggestion is { } rate)
        {
            var index = Points.TakeWhile(point => point.LearningRate < rate).Count();
            text.Append(' ', 13 + (int)((long)index * (Width - 1) / Math.Max(1, Points.Count - 1))).Append("^\n");
        }
    }
}
