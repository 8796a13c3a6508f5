namespace SourceNet.Training;

/// <summary>Takes steps with a learning rate that rises by one factor each, and notes the loss. It stops the training itself.</summary>
internal sealed class LearningRateFinder(double least, double most, int steps, CancellationTokenSource enough) : ITrainingCallback
{
    /// <summary>What a moving average of the losses keeps of itself.</summary>
    private const double Kept = 0.98;

    /// <summary>How many times the least smoothed loss is out of bounds.</summary>
    private const double Bound = 4;

    private readonly List<LearningRatePoint> points = [];
    private double average;
    private double best = double.PositiveInfinity;

    internal IReadOnlyList<LearningRatePoint> Points => points;

    internal bool Diverged { get; private set; }

    public void StepBegins(TrainingRun run)
    {
        foreach (var group in run.Optimizer.ParamGroups)
        {
            // Groups of different rates keep their proportion.
            group.LearningRate *= Rate / run.Options.LearningRate;
        }
    }

    public void StepEnds(TrainingRun run)
    {
        var rate = Rate;
        average = (Kept * average) + ((1 - Kept) * run.StepLoss);
        var smoothed = average / (1 - Math.Pow(Kept, points.Count + 1));
        points.Add(new(rate, run.StepLoss, smoothed));
        Diverged = points.Count > 1 && smoothed > best + ((Bound - 1) * Math.Abs(best));
        best = Math.Min(best, smoothed);
        if (Diverged || points.Count == steps)
        {
            enough.Cancel();
        }
    }

    internal void Diverge() => Diverged = true;

    /// <summary>The rate of the next step, from the least to the most one.</summary>
    private double Rate => least * Math.Pow(most / least, (double)points.Count / (steps - 1));
}
