namespace SourceNet.Training;

/// <summary>What share of its learning rate an optimizer trains with, from the beginning of a training to its end.</summary>
/// <remarks>A pure function of how much of the training is done: it has no state to save, and a training that is resumed goes on where it was.</remarks>
public sealed class Schedule
{
    private readonly Func<double, double> factor;

    private Schedule(string name, Func<double, double> factor)
    {
        Name = name;
        this.factor = factor;
    }

    /// <summary>The learning rate stays as it is.</summary>
    public static Schedule Constant { get; } = new("constant", _ => 1);

    /// <summary>What it is, as a person would say it: <c>cosine to 0 after a warm-up of 0.05</c>.</summary>
    public string Name { get; }

    /// <summary>Falls along half a cosine: <c>least + (1 − least)(1 + cos πt)/2</c> (Loshchilov and Hutter 2017, without restarts).</summary>
    /// <param name="least">The share at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A share outside [0, 1].</exception>
    public static Schedule Cosine(double least = 0)
    {
        Check(least, nameof(least));
        return new(FormattableString.Invariant($"cosine to {least}"), progress => Between(1, least, progress));
    }

    /// <summary>Falls at once at each of some points.</summary>
    /// <param name="by">What the learning rate is multiplied by, in (0, 1].</param>
    /// <param name="at">The shares of the training after which it falls, each in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static Schedule Steps(double by, params double[] at)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(by);
        Check(by, nameof(by));
        foreach (var point in at)
        {
            Check(point, nameof(at));
        }

        double[] points = [.. at];
        return new(
            FormattableString.Invariant($"times {by} at {string.Join(", ", points.Select(point => FormattableString.Invariant($"{point}")))}"),
            progress => Math.Pow(by, points.Count(point => progress >= point)));
    }

    /// <summary>Rises and falls along cosines: one cycle (Smith and Topin 2018). The optimizer's learning rate is the highest.</summary>
    /// <param name="rise">The share of the training that it rises for, in [0, 1].</param>
    /// <param name="first">The share of the learning rate at the beginning, in [0, 1].</param>
    /// <param name="last">The share at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside [0, 1].</exception>
    public static Schedule OneCycle(double rise = 0.3, double first = 0.04, double last = 4e-6)
    {
        Check(rise, nameof(rise));
        Check(first, nameof(first));
        Check(last, nameof(last));
        return new(
            FormattableString.Invariant($"one cycle, rising for {rise}"),
            progress => progress < rise ? Between(first, 1, progress / rise) : Between(1, last, rise < 1 ? (progress - rise) / (1 - rise) : 1));
    }

    /// <summary>
    /// Falls along half a cosine and begins anew, several times (Loshchilov and Hutter 2017, with restarts): <c>least + (1 − least)(1 + cos πt)/2</c> in each
    /// cycle. The last cycle ends with the training, so that it never ends at a high rate.
    /// </summary>
    /// <param name="cycles">How many cycles there are, at least 1.</param>
    /// <param name="growth">How many times as long as the one before each is, at least 1: <c>T_mult</c>.</param>
    /// <param name="least">The share at the end of each, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static Schedule CosineRestarts(int cycles, double growth = 1, double least = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(cycles);
        if (!(growth >= 1 && double.IsFinite(growth)))
        {
            throw new ArgumentOutOfRangeException(nameof(growth), growth, "Expected a growth of at least 1.");
        }

        Check(least, nameof(least));
        double[] lengths = [.. Enumerable.Range(0, cycles).Select(cycle => Math.Pow(growth, cycle - (cycles - 1)))];
        var all = lengths.Sum();
        double[] starts = [.. Enumerable.Range(0, cycles).Select(cycle => lengths[..cycle].Sum() / all)];
        return new(
            FormattableString.Invariant($"{cycles} cosines to {least}{(growth > 1 ? FormattableString.Invariant($", each {growth} times as long") : "")}"),
            progress =>
            {
                var cycle = Array.FindLastIndex(starts, start => progress >= start);
                return Between(1, least, Math.Min((progress - starts[cycle]) * all / lengths[cycle], 1));
            });
    }

    /// <summary>Rises in a straight line before another schedule, which has the rest of the training (Goyal et al. 2017).</summary>
    /// <param name="share">The share of the training that it rises for, in [0, 1).</param>
    /// <param name="then">What comes then.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share outside [0, 1).</exception>
    public static Schedule WarmUp(double share, Schedule then)
    {
        ArgumentNullException.ThrowIfNull(then);
        Check(share, nameof(share));
        ArgumentOutOfRangeException.ThrowIfEqual(share, 1);
        return new(
            FormattableString.Invariant($"{then.Name} after a warm-up of {share}"),
            progress => progress < share ? progress / share * then.At(0) : then.At((progress - share) / (1 - share)));
    }

    /// <summary>The share of the learning rate.</summary>
    /// <param name="progress">How much of the training is done, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A number outside [0, 1].</exception>
    public double At(double progress)
    {
        Check(progress, nameof(progress));
        return factor(progress);
    }

    /// <summary>The share for a step: the middle of it, so that the first one moves under a warm-up too.</summary>
    internal double At(long step, long steps) => At((step + 0.5) / steps);

    private static double Between(double from, double to, double progress) => to + ((from - to) * (1 + Math.Cos(Math.PI * progress)) / 2);

    private static void Check(double share, string name)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, share, "Expected a share in [0, 1].");
        }
    }
}
