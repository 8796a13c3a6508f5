using System.Diagnostics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>One training: its epochs and steps, and the moments of its callbacks. What is more than forward, backward and step, callbacks do.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> model;
    private readonly Func<Tensor, Tensor, Tensor> loss;
    private readonly optim.Optimizer optimizer;
    private readonly TrainerOptions options;
    private readonly Sources sources;
    private readonly ITrainingCallback[] callbacks;
    private readonly ITrainingTechnique[] techniques;
    private readonly ITrainingTechnique[] innermostFirst;
    private readonly CancellationToken cancellation;
    private readonly TrainingModes modes;
    private readonly TrainingRun run;
    private readonly TrainingState state;
    private readonly MetricSet metrics;
    private readonly double[] rates;
    private readonly (string Path, Parameter Parameter)[] parameters;
    private readonly NormStatistics statistics;
    private readonly WeightSnapshot snapshot = new();

    private double stepLoss;
    private string snapshotOf = "";
    private bool mustRecover;

    internal TrainingLoop(
        nn.Module<Tensor, Tensor> model,
        Func<Tensor, Tensor, Tensor> loss,
        optim.Optimizer optimizer,
        TrainerOptions options,
        Sources sources,
        ITrainingCallback[] callbacks,
        CancellationToken cancellation)
    {
        (this.model, this.loss, this.optimizer, this.options) = (model, loss, optimizer, options);
        (this.sources, this.callbacks, this.cancellation) = (sources, callbacks, cancellation);
        var byName = callbacks.GroupBy(callback => callback.Name);
        if (byName.FirstOrDefault(named => named.Count() > 1 && named.Any(callback => callback.Save().Count > 0)) is { } alike)
        {
            throw new ArgumentException($"Expected callbacks of different names, found several that are called '{alike.Key}': their states would be one in a "
                + "checkpoint.", nameof(callbacks));
        }

        techniques = [.. callbacks.OfType<ITrainingTechnique>()];
        innermostFirst = [.. Enumerable.Reverse(techniques)];
        modes = new TrainingModes(model);
        (metrics, var measures, var traits) = FirstLook.Look(model, loss, options.AllMetrics, sources, modes);
        state = new TrainingState(model, optimizer, callbacks, sources.Train.Count, traits);
        // Before a checkpoint puts in those of a later step.
        rates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
        run = new TrainingRun(model, loss, optimizer, options, sources, modes, () => Result(Stopwatch.GetTimestamp(), 0, []))
        {
            Metrics = metrics.Metrics,
            Measures = measures,
        };
        parameters = [.. model.named_parameters().DistinctBy(pair => pair.parameter, SameMemory.Comparer)];
        statistics = new NormStatistics(model);
    }

    internal TrainingHistory Run()
    {
        if (options.Resume && File.Exists(options.Checkpoint))
        {
            state.Load(options.Checkpoint, metrics.First);
        }

        (run.Step, run.Results, run.RateFactor) = (state.Step, state.Epochs, state.RateFactor);
        options.Progress?.Begin(model.GetType().Name, options.Epochs, sources.Train.Count, state.Epochs.Count);
        Tell(static (callback, run) => callback.FitBegins(run));
        while (state.Epochs.Count < options.Epochs && !run.IsStopping)
        {
            try
            {
                Recovering(Epoch);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested && options.Checkpoint is not null && state.Step > 0)
            {
                Save(options.Checkpoint);
                throw;
            }
        }

        return Finish();
    }

    public void Dispose()
    {
        statistics.Dispose();
        snapshot.Dispose();
    }

    private void Recovering(Action work)
    {
        try
        {
            work();
        }
        catch (NonFiniteLossException) when (mustRecover)
        {
            snapshot.Restore(model);
            throw;
        }
    }

    private void Epoch()
    {
        run.Epoch = state.Epochs.Count + 1;
        var start = Stopwatch.GetTimestamp();
        var before = state.Running?.Seconds ?? 0;
        snapshot.Take(model);
        snapshotOf = state.Running is null ? $"the beginning of epoch {run.Epoch}" : $"the checkpoint that epoch {run.Epoch} went on from";
        using (modes.Train())
        using (new BatchNormGuard(model))
        {
            Tell(static (callback, run) => callback.EpochBegins(run));
            Learn(start, before);
        }

        Measure(start, before);
        state.Running = null;
        Tell(static (callback, run) => callback.EpochEnds(run));
        SaveWhatIsAsked();
    }

    private void Learn(long start, double secondsBefore)
    {
        var done = state.Running?.Steps ?? 0;
        var losses = new LossMean(state.Running?.LossSum ?? 0, state.Running?.Counted ?? 0);
        run.StepLog.Open(state.Running?.Logged ?? []);
        Note();
        foreach (var batch in sources.Train.Epoch(run.Epoch).Skip(done))
        {
            cancellation.ThrowIfCancellationRequested();
            if (done == sources.Train.Count)
            {
                throw Miscounted("more");
            }

            var progress = options.Schedule.At(state.Step, (long)options.Epochs * sources.Train.Count);
            foreach (var (group, rate) in optimizer.ParamGroups.Zip(rates))
            {
                group.LearningRate = rate * progress * run.RateFactor;
            }

            var (value, counted) = Step(batch);
            losses.Add(value, counted);
            done++;
            options.Progress?.StepDone();
            Note();
            SaveWhatIsAsked();
        }

        if (done < sources.Train.Count)
        {
            throw Miscounted($"{done}");
        }

        stepLoss = losses.Value;

        void Note() => state.Running =
            new(done, losses.Sum, losses.Counted, secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds) { Logged = run.StepLog.Sums };
    }

    private ArgumentException Miscounted(string found) =>
        new($"Expected {sources.Train.Count} batches, as the source's Count says, found {found} in epoch {run.Epoch}: the learning rate follows that "
            + "number.", "train");

    private (double Loss, double Counted) Step(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (inputs, targets) = Placement.On(model, batch);
        foreach (var technique in techniques)
        {
            (inputs, targets) = technique.Batch(run, inputs, targets, batch.Key);
        }

        Tell(static (callback, run) => callback.StepBegins(run));
        statistics.Keep();
        double value;
        double counted;
        try
        {
            (value, counted) = Gradients(inputs, targets);
        }
        catch
        {
            // The step is not taken, and leaves nothing behind.
            statistics.Restore();
            throw;
        }

        Tell(static (callback, run) => callback.GradientsReady(run));
        optimizer.step();
        state.Step++;
        (run.Step, run.StepLoss) = (state.Step, value);
        Tell(static (callback, run) => callback.StepEnds(run));
        return (value, counted);
    }

    private (double Loss, double Counted) Gradients(Tensor inputs, Tensor targets)
    {
        var counted = 0.0;
        Func<double> gradients = First;
        foreach (var technique in innermostFirst)
        {
            var next = gradients;
            gradients = () => technique.Gradients(run, Objective, next);
        }

        var value = gradients();
        if (GradientCheck.NonFinite(parameters) is { } path)
        {
            throw NonFinite(
                value,
                $"the gradient of '{path}' is not finite under a loss that is: a root, a logarithm or a quotient on the way has no slope there, "
                + "as the root of a mean squared error of exactly 0 has none. "
                + "Clipping does not help: it makes all gradients not a number");
        }

        return (value, counted);

        double First()
        {
            using var watch = new ObjectiveWatch();
            var objective = Objective();
            counted = LossMean.Of(watch, targets).Counted;
            var result = objective.ToDouble();
            if (!double.IsFinite(result))
            {
                statistics.Restore();
                throw NonFinite(result, Culprit.Of(model, inputs, targets, counted, WeightAdvice()));
            }

            optimizer.zero_grad();
            objective.backward();
            return result;
        }

        Tensor Objective()
        {
            Func<Tensor> compute = () => loss(model.call(inputs), targets);
            foreach (var technique in innermostFirst)
            {
                var next = compute;
                compute = () => technique.Objective(run, inputs, targets, next);
            }

            return compute();
        }
    }

    private NonFiniteLossException NonFinite(double value, string culprit) =>
        NonFiniteLossException.OfStep(run.Epoch, state.Step + 1, value, culprit, WeightsAfter("The model keeps the weights from before this step."));

    /// <summary>Which weights are left. Nothing is of such that are not finite: those of before are put back, when averages have left their place.</summary>
    private string WeightsAfter(string kept)
    {
        if (Culprit.Weight(model) is null)
        {
            return kept;
        }

        mustRecover = snapshot.IsFinite;
        return mustRecover ? $"The model has the weights from {snapshotOf} again." : "The model is as it was given.";
    }

    private string WeightAdvice()
    {
        if (state.Step == 0)
        {
            return "and was so before the first step: initialize or load it anew";
        }

        var clip = optimizer is RegularizedOptimizer { GradientClip: not null } ? "" : " or declare [GradientClip(1)]";
        return $"since an earlier step made it so: lower the learning rate{clip}";
    }

    private void Measure(long start, double secondsBefore)
    {
        var standIns = techniques.Select(technique => technique.Stand(run)).OfType<IDisposable>().ToList();
        try
        {
            var result = Result(start, secondsBefore, run.StepLog.Close());
            state.Epochs.Add(result);
            foreach (var callback in callbacks)
            {
                callback.Measured(run, result);
            }

            options.Progress?.EpochDone(result, metrics.First);
        }
        finally
        {
            standIns.Reverse();
            standIns.ForEach(standIn => standIn.Dispose());
        }
    }

    private EpochResult Result(long start, double secondsBefore, IReadOnlyList<LoggedResult> logged)
    {
        var seen = Measured("train", sources.Measured);
        var unseen = sources.Validation is null ? null : Measured("validation", sources.Validation);
        return new(
            run.Epoch,
            optimizer.ParamGroups.First().LearningRate,
            stepLoss,
            seen.Loss,
            seen.Metric,
            unseen?.Loss,
            unseen?.Metric,
            secondsBefore + Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            Metrics = MetricResult.Of(seen, unseen),
            Logged = logged,
        };
    }

    private Measurement Measured(string what, IBatchSource source)
    {
        var result = Measurement.OfAll(model, loss, source, metrics.Metrics, cancellation);
        if (!double.IsFinite(result.Loss))
        {
            throw NonFinite($"{what} loss", source, result.Loss);
        }

        foreach (var part in result.Metrics.SelectMany(metric => metric.All))
        {
            if (part.Value is { } value && !double.IsFinite(value))
            {
                throw NonFinite($"{what} {part.Name}", source, value);
            }
        }

        return result;
    }

    private NonFiniteLossException NonFinite(string what, IBatchSource source, double value)
    {
        var culprit = MeasuredCulprit(source);
        return NonFiniteLossException.OfMeasure(what, run.Epoch, state.Step, value, culprit, WeightsAfter("The model has the weights that were measured."));
    }

    /// <summary>Goes through the data again, to the first batch whose loss is not finite.</summary>
    private string MeasuredCulprit(IBatchSource source)
    {
        using var evaluation = model.EvalScope();
        using var noGradients = no_grad();
        var number = 0;
        foreach (var batch in source.Epoch(0))
        {
            number++;
            using var scope = NewDisposeScope();
            using var watch = new ObjectiveWatch();
            var (inputs, targets) = Placement.On(model, batch);
            var value = loss(model.call(inputs), targets).ToDouble();
            var counted = LossMean.Of(watch, targets).Counted;
            if (counted > 0 && !double.IsFinite(value))
            {
                return $"in batch {number}, {Culprit.Of(model, inputs, targets, counted, WeightAdvice())}";
            }
        }

        return "every loss is finite when it is computed again, so that it is the metric, or the data change from one pass to the next";
    }

    private TrainingHistory Finish()
    {
        run.Epoch = state.Epochs.Count;
        run.Final = state.Epochs[^1];
        stepLoss = run.Final.StepLoss;
        Recovering(() => Tell(static (callback, run) => callback.FitEnds(run)));
        model.eval();
        return new(model.GetType().Name, metrics.First, [.. state.Epochs], run.Final, run.IsStopping);
    }

    private void SaveWhatIsAsked()
    {
        foreach (var file in run.TakeCheckpoints())
        {
            Save(file);
            foreach (var callback in callbacks)
            {
                callback.Saved(run, file);
            }
        }
    }

    private void Save(string file)
    {
        state.RateFactor = run.RateFactor;
        state.Save(file);
    }

    private void Tell(Action<ITrainingCallback, TrainingRun> moment)
    {
        foreach (var callback in callbacks)
        {
            moment(callback, run);
        }
    }
}
