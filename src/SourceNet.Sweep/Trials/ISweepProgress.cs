using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Trials;

/// <summary>Is told what happens in a sweep. Any thread may call.</summary>
internal interface ISweepProgress
{
    /// <param name="trials">All of the sweep.</param>
    /// <param name="done">Those that had a result before.</param>
    void Begin(int trials, int done);

    /// <param name="trial">It begins.</param>
    /// <param name="attempt">From 0.</param>
    void Started(PlannedTrial trial, int attempt);

    /// <param name="trial">It has ended.</param>
    /// <param name="time">How long it took.</param>
    /// <param name="failure">What went wrong; null if it has a result.</param>
    /// <param name="stopped">After which step the halving ended it; null if it did not.</param>
    void Ended(PlannedTrial trial, TimeSpan time, string? failure, int? stopped);
}
