namespace SourceNet.Training;

/// <summary>A metric that is its sum: what it is called, and how one begins.</summary>
internal sealed record SummedMetric(string Name, MetricDirection? Direction, Func<IMetricSum> Start) : IMetric
{
    public IMetricSum Begin() => Start();
}
