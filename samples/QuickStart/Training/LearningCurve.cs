namespace QuickStart.Training;

/// <summary>What a model reached after each epoch.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="Epochs">One result an epoch, at least one.</param>
internal sealed record LearningCurve(string Model, IReadOnlyList<EpochResult> Epochs)
{
    /// <summary>What it reached in the end.</summary>
    public EpochResult Final => Epochs[^1];
}
