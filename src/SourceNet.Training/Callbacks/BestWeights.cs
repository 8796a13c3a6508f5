using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Gives the model the weights of the best epoch in the end, after all epochs: <see cref="EarlyStopping"/> without the stopping.</summary>
/// <param name="monitor">What is watched; null for the validation loss.</param>
public sealed class BestWeights(Monitored? monitor = null) : ITrainingCallback, IDisposable
{
    private readonly BestState best = new();
    private Monitor watched;

    /// <inheritdoc/>
    public string Name => "best weights";

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run) => watched = (monitor ?? Monitored.ValidationLoss).In(run, "BestWeights");

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result) => best.Take(run, result, watched);

    /// <inheritdoc/>
    public void FitEnds(TrainingRun run) => best.PutBack(run, watched);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save() => best.Save();

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, Tensor> state) => best.Load(state);

    /// <summary>Frees the best weights.</summary>
    public void Dispose() => best.Dispose();
}
