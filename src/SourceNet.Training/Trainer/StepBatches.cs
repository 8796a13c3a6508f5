namespace SourceNet.Training;

/// <summary>Takes so many batches for each step of the optimizer; for the last step of an epoch those that are left.</summary>
/// <param name="source">The batches of an epoch.</param>
/// <param name="each">How many batches make a step.</param>
internal sealed class StepBatches(IEnumerable<TrainingBatch> source, int each) : IDisposable
{
    private readonly IEnumerator<TrainingBatch> batches = source.GetEnumerator();
    private readonly List<TrainingBatch> current = [];

    /// <summary>The batches of the step.</summary>
    internal IReadOnlyList<TrainingBatch> Current => current;

    /// <summary>How many batches were taken, those of the step included.</summary>
    internal int Taken { get; private set; }

    /// <summary>Goes to the next step. Its batches are there until the one after it.</summary>
    internal bool Next()
    {
        Free();
        while (current.Count < each && batches.MoveNext())
        {
            Taken++;
            var batch = batches.Current;
            // A source may free a batch when it goes to the next one.
            current.Add(each == 1
                ? batch
                : batch with { Inputs = batch.Inputs.clone().DetachFromDisposeScope(), Targets = batch.Targets.clone().DetachFromDisposeScope() });
        }

        return current.Count > 0;
    }

    public void Dispose()
    {
        Free();
        batches.Dispose();
    }

    private void Free()
    {
        if (each > 1)
        {
            foreach (var batch in current)
            {
                batch.Inputs.Dispose();
                batch.Targets.Dispose();
            }
        }

        current.Clear();
    }
}
