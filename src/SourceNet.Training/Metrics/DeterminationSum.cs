namespace SourceNet.Training;

/// <summary>1 − Σ(y − t)² / Σ(t − t̄)², a column at a time; the spread of the targets in one pass (Welford 1962).</summary>
internal sealed class DeterminationSum : IMetricSum
{
    private Column[] columns = [];
    private long rows;

    public double? Value
    {
        get
        {
            var defined = columns.Where(column => column.Spread.Value > 0).ToList();
            return defined.Count > 0 ? defined.Average(column => 1 - (column.Errors.Value / column.Spread.Value)) : null;
        }
    }

    public void Add(MeasuredBatch batch)
    {
        ClassTargets.CheckSame(batch, "R²");
        if (batch.Outputs.numel() == 0)
        {
            return;
        }

        var width = batch.Outputs.ndim < 2 ? 1 : (int)(batch.Outputs.numel() / batch.Outputs.size(0));
        columns = columns.Length == 0 ? new Column[width] : columns;
        if (columns.Length != width)
        {
            throw new ArgumentException($"R²: expected {columns.Length} numbers a sample, as in the batches before, found {width}.");
        }

        var (outputs, targets) = (RunningSum.Numbers(batch.Outputs), RunningSum.Numbers(batch.Targets));
        for (var place = 0; place < outputs.Length; place++)
        {
            rows += place % width == 0 ? 1 : 0;
            columns[place % width].Add(outputs[place], targets[place], rows);
        }
    }

    private struct Column
    {
        private double mean;

        internal RunningSum Errors;
        internal RunningSum Spread;

        internal void Add(double output, double target, long count)
        {
            var before = target - mean;
            mean += before / count;
            Spread.Add(before * (target - mean));
            Errors.Add((output - target) * (output - target));
        }
    }
}
