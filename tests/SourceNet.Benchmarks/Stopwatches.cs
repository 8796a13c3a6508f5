using System.Diagnostics;

namespace SourceNet.Benchmarks;

/// <summary>Measures a contest: rounds in which both actions take a turn, so that whatever else the machine does falls on both.</summary>
internal static class Stopwatches
{
    /// <summary>A turn repeats its action for at least this long.</summary>
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(10);

    private const int FewestRounds = 5;

    internal static Measurement Measure(Contest contest, double seconds)
    {
        var otherRepeats = Repeats(contest.Other);
        var kernelRepeats = Repeats(contest.Kernel);
        List<double> others = [];
        List<double> kernels = [];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds || others.Count < FewestRounds)
        {
            others.Add(Turn(contest.Other, otherRepeats));
            kernels.Add(Turn(contest.Kernel, kernelRepeats));
        }

        return new(others, kernels);
    }

    /// <summary>Warms up, and finds how often the action fits into a turn.</summary>
    private static int Repeats(Action action)
    {
        var clock = Stopwatch.StartNew();
        var runs = 0;
        // Long enough for the runtime to compile what is still interpreted or unoptimized.
        while (runs < 3 || (clock.ElapsedMilliseconds < 500 && runs < 200))
        {
            action();
            runs++;
        }

        return Math.Max(1, (int)Math.Ceiling(s_turn.TotalSeconds / Turn(action, 1)));
    }

    private static double Turn(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }
}
