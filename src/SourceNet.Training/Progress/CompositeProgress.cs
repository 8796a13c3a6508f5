namespace SourceNet.Training;

/// <summary>Tells several others, in their order.</summary>
/// <param name="others">Who is told.</param>
public sealed class CompositeProgress(params ITrainingProgress[] others) : ITrainingProgress
{
    /// <inheritdoc/>
    public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone) =>
        Array.ForEach(others, other => other.Begin(model, epochs, stepsPerEpoch, epochsDone));

    /// <inheritdoc/>
    public void StepDone() => Array.ForEach(others, other => other.StepDone());

    /// <inheritdoc/>
    public void EpochDone(EpochResult result, string? metric) => Array.ForEach(others, other => other.EpochDone(result, metric));
}
