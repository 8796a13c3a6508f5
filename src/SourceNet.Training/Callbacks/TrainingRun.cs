using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A training while it runs, as its callbacks see it.</summary>
public sealed class TrainingRun
{
    private readonly TrainingModes modes;
    private readonly Func<EpochResult> measure;
    private readonly List<string> checkpoints = [];

    internal TrainingRun(
        nn.Module<Tensor, Tensor> model,
        Func<Tensor, Tensor, Tensor> loss,
        optim.Optimizer optimizer,
        TrainerOptions options,
        Sources sources,
        TrainingModes modes,
        Func<EpochResult> measure)
    {
        (Model, Loss, Optimizer, Options, Sources) = (model, loss, optimizer, options, sources);
        this.modes = modes;
        this.measure = measure;
    }

    /// <summary>The model.</summary>
    public nn.Module<Tensor, Tensor> Model { get; }

    /// <summary>The loss of the model's output and the targets.</summary>
    public Func<Tensor, Tensor, Tensor> Loss { get; }

    /// <summary>What takes the steps.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>How long, how fast, and who is told.</summary>
    public TrainerOptions Options { get; }

    /// <summary>What the model learns from.</summary>
    public IBatchSource Train => Sources.Train;

    /// <summary>What it never learns from; null for none.</summary>
    public IBatchSource? Validation => Sources.Validation;

    /// <summary>What is measured beside the loss, the default metric resolved.</summary>
    public IReadOnlyList<IMetric> Metrics { get; internal init; } = [];

    /// <summary>The epoch that runs, from 1; 0 before the first one.</summary>
    public int Epoch { get; internal set; }

    /// <summary>How many steps are done, over all epochs.</summary>
    public long Step { get; internal set; }

    /// <summary>The loss of the last step.</summary>
    public double StepLoss { get; internal set; }

    /// <summary>One result for each epoch that is done.</summary>
    public IReadOnlyList<EpochResult> Results { get; internal set; } = [];

    /// <summary>What the training ends with: the last result, unless a callback's <see cref="ITrainingCallback.FitEnds"/> put other weights in.</summary>
    public EpochResult? Final { get; set; }

    /// <summary>Every learning rate is multiplied by it, beside the schedule: above 0. It is saved in checkpoints.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>Whether a callback has asked the training to end.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Ends the training after the running epoch.</summary>
    public void Stop() => IsStopping = true;

    /// <summary>
    /// Logs a number of a step: its mean and its largest value over the epoch are in <see cref="EpochResult.Logged"/>, on the console, in TensorBoard and in
    /// the files of the history.
    /// </summary>
    /// <param name="name">What it is called.</param>
    /// <param name="value">A finite number.</param>
    /// <exception cref="InvalidOperationException">No step runs.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number is not finite.</exception>
    public void Log(string name, double value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!StepLog.IsOpen)
        {
            throw new InvalidOperationException($"'{name}' is logged where no step runs: log in StepBegins, GradientsReady or StepEnds.");
        }

        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"'{name}' must be finite.");
        }

        StepLog.Add(name, value);
    }

    /// <summary>Saves the state of the training into a file, or replaces it, as soon as all callbacks are told of the moment that runs.</summary>
    /// <param name="path">The file.</param>
    /// <remarks>
    /// Call it in <see cref="ITrainingCallback.StepEnds"/> or <see cref="ITrainingCallback.EpochEnds"/>; from elsewhere it is saved at the next of them.
    /// </remarks>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!checkpoints.Contains(path))
        {
            checkpoints.Add(path);
        }
    }

    /// <summary>Measures the model as it is now, as at the end of an epoch.</summary>
    /// <exception cref="NonFiniteLossException">A loss or a metric is NaN or infinite.</exception>
    public EpochResult Measure() => measure();

    /// <summary>
    /// Keeps a part of the model as it is: its parameters get no gradients, and its modules stay in eval mode, so that running statistics rest and dropout is
    /// off.
    /// </summary>
    public void Freeze(nn.Module part) => SetFrozen(part, true);

    /// <summary>Lets a part of the model learn again.</summary>
    public void Thaw(nn.Module part) => SetFrozen(part, false);

    internal Sources Sources { get; }

    internal StepLog StepLog { get; } = new();

    /// <summary>What can be watched, and which way it gets better.</summary>
    internal IReadOnlyList<(string Name, MetricDirection? Direction)> Measures { get; init; } = [];

    /// <summary>The files that were asked for, each once.</summary>
    internal IReadOnlyList<string> TakeCheckpoints()
    {
        string[] asked = [.. checkpoints];
        checkpoints.Clear();
        return asked;
    }

    private void SetFrozen(nn.Module part, bool frozen)
    {
        ArgumentNullException.ThrowIfNull(part);
        foreach (var parameter in part.parameters())
        {
            // A gradient of before would be stepped with.
            parameter.grad = frozen ? null : parameter.grad;
            parameter.requires_grad = !frozen;
        }

        modes.Set(part, frozen);
    }
}
