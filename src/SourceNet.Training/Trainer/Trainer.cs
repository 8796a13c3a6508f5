using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Trains a model as it declares: its objective, its optimizer with weight decay, penalties and clipping, averages of its weights, mixed batches, sharpness-aware steps, early stopping. Everything that is
/// reported is measured in eval mode.
/// </summary>
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
    /// <param name="loss">The loss of the model's output and the targets, a mean over the samples.</param>
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
    /// What stands for the training data when the model is measured: mostly the same samples without augmentation, or a part of them. Null for <paramref name="train"/> itself, augmented as it is.
    /// </param>
    /// <param name="cancellation">Ends the training after the running step. A checkpoint of the last whole epoch stays.</param>
    /// <exception cref="ArgumentException">Early stopping without validation data, mixtures without classes, or two averages at once.</exception>
    /// <exception cref="NonFiniteLossException">A loss is NaN or infinite.</exception>
    /// <exception cref="CheckpointException">The checkpoint is damaged or of another training; the model is as it was.</exception>
    /// <exception cref="IOException">The checkpoint cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public TrainingHistory Fit(IBatchSource train, IBatchSource? validation = null, IBatchSource? measured = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (training.EarlyStoppingPatience is not null && validation is null)
        {
            throw new ArgumentException("Early stopping watches the validation loss: give validation data, or leave it out.", nameof(validation));
        }

        var name = model.GetType().Name;
        var mixer = new Mixer(training, train);
        using var optimizer = createOptimizer(options.LearningRate);
        using var averages = new AveragedWeights(model, training);
        using var state = new TrainingState(model, optimizer, averages, train.Count);
        // Before a checkpoint puts in those of a later step.
        double[] rates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
        var sam = training.SamRho is { } rho ? new Sam(model.parameters().Where(parameter => parameter.requires_grad), rho) : null;
        if (options.Resume && File.Exists(options.Checkpoint))
        {
            state.Load(options.Checkpoint);
        }

        options.Progress?.Begin(name, options.Epochs, train.Count, state.Epochs.Count);
        while (state.Epochs.Count < options.Epochs && !IsStopped())
        {
            var epoch = state.Epochs.Count + 1;
            var start = Stopwatch.GetTimestamp();
            var stepLoss = Learn(epoch);
            averages.EpochDone((double)epoch / options.Epochs);
            using (averages.Measured())
            {
                var result = Result(epoch, stepLoss, start);
                state.EpochDone(result, options.LeastImprovement, keepsBest: training.EarlyStoppingPatience is not null);
                options.Progress?.EpochDone(result, options.Metric?.Name);
            }

            if (options.Checkpoint is { } file && (epoch % options.CheckpointEvery == 0 || epoch == options.Epochs || IsStopped()))
            {
                state.Save(file);
            }
        }

        return Finish();

        bool IsStopped() => training.EarlyStoppingPatience is { } patience && state.EpochsSinceBest >= patience;

        double Learn(int epoch)
        {
            model.train();
            var (total, samples) = (0.0, 0L);
            foreach (var batch in train.Epoch(epoch))
            {
                cancellation.ThrowIfCancellationRequested();
                var progress = options.Schedule.At(state.Step, (long)options.Epochs * train.Count);
                foreach (var (group, rate) in optimizer.ParamGroups.Zip(rates))
                {
                    group.LearningRate = rate * progress;
                }

                total += Step(batch, epoch) * batch.Inputs.size(0);
                samples += batch.Inputs.size(0);
                averages.StepDone();
                options.Progress?.StepDone();
            }

            return total / samples;
        }

        double Step(TrainingBatch batch, int epoch)
        {
            using var scope = NewDisposeScope();
            var (inputs, labels) = Placement.On(model, batch);
            var (mixed, targets) = mixer.Apply(inputs, labels, batch.Key);
            var objective = Objective(mixed, targets);
            var value = objective.ToDouble();
            state.Step++;
            if (!double.IsFinite(value))
            {
                throw new NonFiniteLossException(epoch, state.Step, value, Culprit.Of(model, mixed));
            }

            optimizer.zero_grad();
            objective.backward();
            if (sam is not null)
            {
                sam.FirstStep();
                try
                {
                    Objective(mixed, targets).backward();
                }
                finally
                {
                    sam.Restore();
                }
            }

            optimizer.step();
            return value;
        }

        EpochResult Result(int epoch, double stepLoss, long start)
        {
            var seen = Measurement.Of(model, loss, measured ?? train, options.Metric, cancellation);
            Measurement? unseen = validation is null ? null : Measurement.Of(model, loss, validation, options.Metric, cancellation);
            return new(epoch, optimizer.ParamGroups.First().LearningRate, stepLoss, seen.Loss, seen.Metric, unseen?.Loss, unseen?.Metric, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        TrainingHistory Finish()
        {
            var last = state.Epochs[^1];
            var final = last;
            var start = Stopwatch.GetTimestamp();
            if (state.RestoreBest(model) is { } best && !(averages.AreFinal && training.SwaFrom is not null))
            {
                final = best;
            }
            else
            {
                averages.Finish(train);
                final = training.SwaFrom is not null && averages.AreFinal ? Result(last.Epoch, last.StepLoss, start) : last;
            }

            model.eval();
            return new(name, options.Metric?.Name, [.. state.Epochs], final, IsStopped());
        }
    }

    private Tensor Objective(Tensor inputs, Tensor targets)
    {
        var output = model.call(inputs);
        var objective = loss(output, targets);
        if (training.RDrop is not { } weight)
        {
            return objective;
        }

        // Dropout draws anew.
        var other = model.call(inputs);
        using var one = 1.ToScalar();
        using var half = 0.5.ToScalar();
        return objective.add(loss(other, targets), one).mul(half).add(RDrop.Loss(output, other, weight), one);
    }
}
