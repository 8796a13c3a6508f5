using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Trains a model as it declares: its objective, its optimizer with weight decay, penalties and clipping, averages of its weights, mixed batches,
/// sharpness-aware steps, early stopping. Everything that is
/// reported is measured in eval mode.
/// </summary>
/// <remarks>
/// A module that is in eval mode inside of a model in train mode is frozen, and stays in eval mode: a batch norm keeps its running statistics. Numbers that are
/// not finite end the training: a loss, a gradient,
/// what is measured.
/// </remarks>
/// <example><code>
/// var trainer = new Trainer(model, new() { Epochs = 20, LearningRate = 1e-3, Schedule = Schedule.Cosine() });
/// var history = trainer.Fit(trainBatches, validationBatches);
/// history.WriteCsv("history.csv");
/// </code></example>
public sealed class Trainer
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly Func<Tensor, Tensor, Tensor> loss;
    private readonly Func<double, optim.Optimizer> createOptimizer;
    private readonly TrainerOptions options;
    private readonly DeclaredTraining training;

    /// <summary>For a declared model.</summary>
    /// <param name="model">The model. Move or convert it before.</param>
    /// <param name="options">How long, how fast, and who is told.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    public Trainer(Model model, TrainerOptions options)
        : this(model, (model ?? throw new ArgumentNullException(nameof(model))).Loss, rate => model.CreateOptimizer(rate), options)
    {
    }

    /// <summary>For any module.</summary>
    /// <param name="model">The model. Move or convert it before.</param>
    /// <param name="loss">The loss of the model's output and the targets, a mean over the targets that count.</param>
    /// <param name="createOptimizer">Makes the optimizer with a learning rate.</param>
    /// <param name="options">How long, how fast, and who is told.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or does not go with another.</exception>
    public Trainer(nn.Module<Tensor, Tensor> model, Func<Tensor, Tensor, Tensor> loss, Func<double, optim.Optimizer> createOptimizer, TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(createOptimizer);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        (this.model, this.loss, this.createOptimizer, this.options) = (model, loss, createOptimizer, options);
        training = options.Training ?? (model as Model)?.DeclaredTraining ?? DeclaredTraining.None;
    }

    /// <summary>Trains the model, which afterwards has the weights of <see cref="TrainingHistory.Final"/> and is in eval mode.</summary>
    /// <param name="train">What the model learns from, an epoch after the other from 1.</param>
    /// <param name="validation">What it never learns from; null for none.</param>
    /// <param name="measured">
    /// What stands for the training data when the model is measured: mostly the same samples without augmentation, or a part of them. Null for
    /// <paramref name="train"/> itself, augmented as it is.
    /// </param>
    /// <param name="cancellation">Ends the training after the running step. With a checkpoint, it is saved then, and resumed goes on from that step.</param>
    /// <exception cref="ArgumentException">
    /// Data without batches, a batch norm that would see one value a channel, targets that the metric cannot read, early stopping without validation data,
    /// mixtures without classes, two averages at once. Nothing
    /// was trained then.
    /// </exception>
    /// <exception cref="InvalidOperationException">Gradients are switched off, or every parameter is frozen.</exception>
    /// <exception cref="NonFiniteLossException">A loss, a gradient or what is measured is NaN or infinite. The model has weights from before.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged or of another training; the model is as it was.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public TrainingHistory Fit(IBatchSource train, IBatchSource? validation = null, IBatchSource? measured = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        FirstLook.CheckGradients(model);
        var sources = new Sources(train, validation, measured ?? train);
        sources.Check();
        if (options.Checkpoint is { } file)
        {
            WholeFile.CheckWritable(file);
        }

        var techniques = DeclaredTechniques.Of(model, training, options, train);
        ITrainingCallback[] saving = options.Checkpoint is null
            ? []
            : [new Checkpoints(options.Checkpoint)
            {
                EveryEpochs = options.CheckpointEvery, EverySteps = options.CheckpointEverySteps ?? 0, Keep = options.KeepCheckpoints,
            }];
        try
        {
            using var optimizer = createOptimizer(options.LearningRate);
            FirstLook.CheckOptimizer(optimizer);
            using var loop = new TrainingLoop(model, loss, optimizer, options, sources, [.. techniques, .. options.Callbacks, .. saving], cancellation);
            return loop.Run();
        }
        finally
        {
            techniques.ForEach(technique => (technique as IDisposable)?.Dispose());
        }
    }

    /// <summary>
    /// Tries learning rates from low to high, a step each, and tells how the loss follows (Smith 2015, arXiv:1506.01186). Model, gradients and the random state
    /// are as before afterwards, and the optimizer is one of its own.
    /// </summary>
    /// <param name="train">What the model would learn from, as often as the steps need it.</param>
    /// <param name="least">The first learning rate, above 0.</param>
    /// <param name="most">The last one, above the first.</param>
    /// <param name="steps">How many steps there are at most, at least 20. It ends earlier when the smoothed loss is four times its least.</param>
    /// <param name="cancellation">Ends it after the running step.</param>
    /// <remarks>Steps are those of the training: mixed batches and sharpness-aware steps where they are declared. Other callbacks take no part.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    /// <exception cref="ArgumentException">The data, or what is declared, do not go with the model.</exception>
    /// <exception cref="NonFiniteLossException">The loss is not finite at the first learning rate already.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public LearningRateCurve FindLearningRate(
        IBatchSource train, double least = 1e-7, double most = 1, int steps = 100, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (!(least > 0 && double.IsFinite(least)))
        {
            throw new ArgumentOutOfRangeException(nameof(least), least, "The first learning rate must be above 0 and finite.");
        }

        if (!(most > least && double.IsFinite(most)))
        {
            throw new ArgumentOutOfRangeException(nameof(most), most, FormattableString.Invariant($"The last learning rate must be above the first, {least}."));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 20);
        FirstLook.CheckGradients(model);
        new Sources(train, null, train).Check();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var finder = new LearningRateFinder(least, most, steps, enough);
        var batches = new RepeatedBatches(train, steps);
        var once = options with { Epochs = 1, Metric = null, Metrics = [], Schedule = Schedule.Constant, Checkpoint = null, Resume = false, Progress = null };
        var ofSteps = training with { EarlyStoppingPatience = null, EmaDecay = null, SwaFrom = null };
        using var untouched = new UntouchedModel(model);
        var techniques = DeclaredTechniques.Of(model, ofSteps, once, batches);
        try
        {
            using var optimizer = createOptimizer(options.LearningRate);
            FirstLook.CheckOptimizer(optimizer);
            using var loop = new TrainingLoop(model, loss, optimizer, once, new(batches, null, batches), [.. techniques, finder], enough.Token);
            loop.Run();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }
        catch (NonFiniteLossException) when (finder.Points.Count > 0)
        {
            finder.Diverge();
        }
        finally
        {
            techniques.ForEach(technique => (technique as IDisposable)?.Dispose());
        }

        return new(finder.Points, finder.Diverged);
    }

    /// <summary>The loss and the metrics of the options on some data, in eval mode and without gradients. Nothing is trained.</summary>
    /// <param name="source">The data: epoch 0 of them.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ArgumentException">There is no batch, no target counts, or a metric cannot read the targets.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public Measurement Evaluate(IBatchSource source, CancellationToken cancellation = default) =>
        Measurement.OfAll(model, loss, source, options.AllMetrics, cancellation);
}
