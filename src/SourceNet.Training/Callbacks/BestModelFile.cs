using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Writes the weights of each epoch that is the best so far into a safetensors file: averages, where those are what is measured.</summary>
/// <remarks>
/// The file is replaced at once or not at all. A training that is resumed goes on from the best number of before; if the file is gone, the next epoch is the
/// best of those that there is a file of, and is written.
/// </remarks>
/// <param name="file">The file. Its folder must exist.</param>
/// <param name="monitor">What is watched; null for the validation loss.</param>
/// <example><code>
/// new Trainer(model, new() { Callbacks = [new BestModelFile("best.safetensors", "validation accuracy")] }).Fit(train, validation);
/// </code></example>
public sealed class BestModelFile(string file, Monitored? monitor = null) : ITrainingCallback
{
    private const string BestName = "best";

    private Monitor watched;
    private double? best;

    /// <inheritdoc/>
    public string Name => $"best model by {(monitor ?? Monitored.ValidationLoss).Name}";

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run)
    {
        WholeFile.CheckWritable(file);
        watched = (monitor ?? Monitored.ValidationLoss).In(run, "BestModelFile");
        best = run.Step > 0 && File.Exists(file) ? best : null;
    }

    /// <inheritdoc/>
    public void Measured(TrainingRun run, EpochResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        var number = watched.In(result);
        if (!watched.IsBetter(number, best ?? watched.Worst))
        {
            return;
        }

        using var scope = NewDisposeScope();
        Safetensors.Write(file, run.Model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.detach().cpu().contiguous()));
        best = number;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save() => new Dictionary<string, Tensor> { [BestName] = tensor(best ?? double.NaN) };

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        best = state.TryGetValue(BestName, out var saved) && saved.item<double>() is var number && !double.IsNaN(number) ? number : null;
    }
}
