namespace SourceNet.Training.Tests.Trainers;

/// <summary>A callback whose moments are written where it is made.</summary>
internal sealed class Watcher : ITrainingCallback
{
    public Action<TrainingRun> OnFitBegins { get; init; } = _ => { };

    public Action<TrainingRun> OnEpochBegins { get; init; } = _ => { };

    public Action<TrainingRun> OnStepBegins { get; init; } = _ => { };

    public Action<TrainingRun> OnGradientsReady { get; init; } = _ => { };

    public Action<TrainingRun> OnStepEnds { get; init; } = _ => { };

    public Action<TrainingRun, EpochResult> OnMeasured { get; init; } = (_, _) => { };

    public Action<TrainingRun> OnEpochEnds { get; init; } = _ => { };

    public Action<TrainingRun> OnFitEnds { get; init; } = _ => { };

    public void FitBegins(TrainingRun run) => OnFitBegins(run);

    public void EpochBegins(TrainingRun run) => OnEpochBegins(run);

    public void StepBegins(TrainingRun run) => OnStepBegins(run);

    public void GradientsReady(TrainingRun run) => OnGradientsReady(run);

    public void StepEnds(TrainingRun run) => OnStepEnds(run);

    public void Measured(TrainingRun run, EpochResult result) => OnMeasured(run, result);

    public void EpochEnds(TrainingRun run) => OnEpochEnds(run);

    public void FitEnds(TrainingRun run) => OnFitEnds(run);
}
