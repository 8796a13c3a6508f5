namespace SourceNet.Training;

/// <summary>What a model learns from, what stands for it when it is measured, and what it never learns from.</summary>
internal sealed record Sources(IBatchSource Train, IBatchSource? Validation, IBatchSource Measured)
{
    /// <exception cref="ArgumentException">One of them has no batch.</exception>
    internal void Check()
    {
        Check(Train, "train");
        Check(Validation, "validation");
        Check(Measured, "measured");
    }

    private static void Check(IBatchSource? source, string name)
    {
        if (source is { Count: < 1 and var count })
        {
            throw new ArgumentException($"Expected data of at least one batch, found a source of {count}.", name);
        }
    }
}
