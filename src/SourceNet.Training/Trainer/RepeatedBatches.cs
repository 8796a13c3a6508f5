namespace SourceNet.Training;

/// <summary>The batches of a source again and again, one more than steps are taken: the loop ends before the last one, and measures nothing.</summary>
internal sealed class RepeatedBatches(IBatchSource source, int steps) : IBatchSource
{
    public int Count => steps + 1;

    public int Classes => source.Classes;

    public int SmallestBatch => source.SmallestBatch;

    public IEnumerable<TrainingBatch> Epoch(int epoch)
    {
        var left = Count;
        for (var pass = 1; left > 0; pass++)
        {
            foreach (var batch in source.Epoch(pass).Take(left))
            {
                left--;
                yield return batch;
            }
        }
    }
}
