namespace SourceNet.Training;

/// <summary>
/// When a trial that does worse than others ends early: asynchronous successive halving (Li et al. 2018, https://arxiv.org/abs/1810.05934). At each rung a
/// trial is compared with those that have reached the rung before it, and goes on if it is among the best of them. Nobody waits for anybody.
/// </summary>
/// <param name="Metric">The reported metric that decides.</param>
/// <param name="Maximize">Whether more of it is better.</param>
/// <param name="Least">The first rung: so many steps every trial gets; at least 1. A step is what the program reports: mostly an epoch.</param>
/// <param name="Most">The steps of a whole trial, more than <paramref name="Least"/>. A trial that has done them is done, and no longer compared.</param>
/// <param name="Factor">The reduction factor η: one of so many goes on, and rungs are so many times as far apart; at least 2.</param>
public sealed record Halving(string Metric, bool Maximize, int Least, int Most, int Factor)
{
    /// <summary>What is wrong with it: null for nothing.</summary>
    internal string? Mistake => Least >= 1 && Most > Least && Factor >= 2
        ? null
        : $"expected a \"least\" of at least 1, a \"most\" above it and a \"factor\" of at least 2 for the halving, found {Least}, {Most} and {Factor}";

    /// <summary>The steps after which trials are compared: the least, times η, times η² and so on, below the most.</summary>
    internal IEnumerable<int> Rungs()
    {
        for (long rung = Least; rung < Most; rung *= Factor)
        {
            yield return (int)rung;
        }
    }

    /// <summary>
    /// Whether a value is among the best ⌊n / η⌋ of a rung. While fewer than η have reached it only the best so far goes on, as in Optuna's pruner: the paper
    /// lets a trial wait there, and here none waits.
    /// </summary>
    /// <param name="value">What the trial has at the rung. NaN goes nowhere.</param>
    /// <param name="rung">What all have that have reached it, this one among them.</param>
    internal bool GoesOn(double value, IEnumerable<double> rung)
    {
        if (double.IsNaN(value))
        {
            return false;
        }

        var values = rung.ToList();
        var better = values.Count(other => Maximize ? other > value : other < value);
        return better < Math.Max(1, values.Count / Factor);
    }
}
