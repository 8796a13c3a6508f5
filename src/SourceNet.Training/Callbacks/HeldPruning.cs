using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Keeps weights at 0 that <see cref="Pruning"/> set to 0, whatever further training does: their gradients do not count, in clipping neither, and after each
/// step they are 0.
/// </summary>
/// <remarks>What is held is what is exactly 0 when the training begins or goes on.</remarks>
/// <param name="allParameters">Whether biases, norms and all other parameters are held with the weights, as <see cref="Pruning.Global"/> takes them.</param>
/// <example><code>
/// Pruning.Global(model, 0.8);
/// new Trainer(model, new() { Epochs = 5, Callbacks = [new HeldPruning()] }).Fit(train);
/// </code></example>
public sealed class HeldPruning(bool allParameters = false) : ITrainingCallback, IDisposable
{
    private readonly List<(Parameter Parameter, Tensor Zeros)> held = [];

    /// <inheritdoc/>
    public void FitBegins(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Dispose();
        using var noGradient = no_grad();
        using var zero = 0.ToScalar();
        foreach (var target in LayerParameter.In(run.Model).Where(target => allParameters || target.IsWeight))
        {
            held.Add((target.Parameter, target.Parameter.eq(zero).DetachFromDisposeScope()));
        }
    }

    /// <inheritdoc/>
    public void GradientsReady(TrainingRun run)
    {
        foreach (var (parameter, zeros) in held)
        {
            using var gradient = parameter.grad;
            Pruning.SetToZero(gradient, zeros);
        }
    }

    /// <inheritdoc/>
    public void StepEnds(TrainingRun run)
    {
        foreach (var (parameter, zeros) in held)
        {
            Pruning.SetToZero(parameter, zeros);
        }
    }

    /// <summary>Frees what says which weights are held.</summary>
    public void Dispose()
    {
        held.ForEach(pair => pair.Zeros.Dispose());
        held.Clear();
    }
}
