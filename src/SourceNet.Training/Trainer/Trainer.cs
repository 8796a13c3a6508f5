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
        try
        {
            using var optimizer = createOptimizer(options.LearningRate);
            FirstLook.CheckOptimizer(optimizer);
            using var loop = new TrainingLoop(model, loss, optimizer, options, sources, [.. techniques, .. options.Callbacks], cancellation);
            return loop.Run();
        }
        finally
        {
            techniques.ForEach(technique => (technique as IDisposable)?.Dispose());
        }
    }
}
