namespace SourceNet.Training;

/// <summary>A sum over what counts, divided by how many that were.</summary>
internal sealed class CountedMean(Func<MeasuredBatch, (double Sum, double Count)> counted) : IMetricSum
{
    private RunningSum sum;
    private double count;

    public double? Value => count > 0 ? sum.Value / count : null;

    public void Add(MeasuredBatch batch)
    {
        var (more, others) = counted(batch);
        sum.Add(more);
        count += others;
    }
}
