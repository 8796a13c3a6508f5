using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A mean over what is made of the errors <c>y − t</c> of all numbers, in float64.</summary>
internal sealed record ErrorMetric : Metric
{
    private readonly Func<double, double> of;
    private readonly Func<double, double> whole;

    /// <param name="name">What it is called.</param>
    /// <param name="of">What is made of an error.</param>
    /// <param name="whole">What is made of the mean.</param>
    internal ErrorMetric(string name, Func<double, double> of, Func<double, double> whole)
        : base(name, (outputs, targets) => Of(name, of, whole, outputs, targets)) =>
        (this.of, this.whole, Direction) = (of, whole, MetricDirection.Minimize);

    public override IMetricSum Begin() => new Sum(Name, of, whole);

    private static double Of(string name, Func<double, double> of, Func<double, double> whole, Tensor outputs, Tensor targets)
    {
        var sum = new Sum(name, of, whole);
        sum.Add(new(outputs, targets, null));
        return sum.Value ?? double.NaN;
    }

    private sealed class Sum(string name, Func<double, double> of, Func<double, double> whole) : IMetricSum
    {
        private RunningSum sum;
        private long count;

        public double? Value => count > 0 ? whole(sum.Value / count) : null;

        public void Add(MeasuredBatch batch)
        {
            ClassTargets.CheckSame(batch, $"The {name}");
            var (outputs, targets) = (RunningSum.Numbers(batch.Outputs), RunningSum.Numbers(batch.Targets));
            for (var place = 0; place < outputs.Length; place++)
            {
                sum.Add(of(outputs[place] - targets[place]));
            }

            count += outputs.Length;
        }
    }
}
