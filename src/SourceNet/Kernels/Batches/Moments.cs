namespace SourceNet.Kernels.Batches;

/// <summary>Count, mean and Σ (x − mean)² of some values.</summary>
internal struct Moments
{
    internal double Count;
    internal double Mean;
    internal double Squares;

    /// <summary>Takes in others (Chan et al. 1979).</summary>
    internal void Add(in Moments other)
    {
        if (other.Count == 0)
        {
            return;
        }

        var count = Count + other.Count;
        var difference = other.Mean - Mean;
        Mean += difference * (other.Count / count);
        Squares += other.Squares + (difference * difference * (Count * other.Count / count));
        Count = count;
    }
}
