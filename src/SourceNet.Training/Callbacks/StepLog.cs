namespace SourceNet.Training;

/// <summary>What callbacks log in the steps of an epoch.</summary>
internal sealed class StepLog
{
    private readonly List<LoggedSum> sums = [];

    internal bool IsOpen { get; private set; }

    /// <summary>An epoch begins, or goes on with what was logged before it was interrupted.</summary>
    internal void Open(IReadOnlyList<LoggedSum> before)
    {
        sums.Clear();
        sums.AddRange(before);
        IsOpen = true;
    }

    internal void Add(string name, double value)
    {
        var place = sums.FindIndex(one => one.Name == name);
        var before = place < 0 ? new LoggedSum(name, 0, 0, double.NegativeInfinity) : sums[place];
        var after = new LoggedSum(name, before.Sum + value, before.Count + 1, Math.Max(before.Largest, value));
        if (place < 0)
        {
            sums.Add(after);
        }
        else
        {
            sums[place] = after;
        }
    }

    internal IReadOnlyList<LoggedSum> Sums => [.. sums];

    /// <summary>The steps are done.</summary>
    internal IReadOnlyList<LoggedResult> Close()
    {
        IsOpen = false;
        return [.. sums.Select(one => new LoggedResult(one.Name, one.Sum / one.Count, one.Largest))];
    }
}
