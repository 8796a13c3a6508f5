using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>An <see cref="Ema"/> of the weights is measured in their place, and takes it in the end.</summary>
internal sealed class EmaTechnique(nn.Module model, double decay, bool warmUp) : ITrainingTechnique, IDisposable
{
    private readonly Ema average = new(model, decay, warmUp);

    public string Name => "ema";

    public void StepEnds(TrainingRun run) => average.Update();

    public IDisposable? Stand(TrainingRun run) => average.Apply();

    public void FitEnds(TrainingRun run) => State.Copy(State.Without(average.Save(), AveragedState.CountName), run.Model);

    public IReadOnlyDictionary<string, Tensor> Save() => average.Save();

    public void Load(IReadOnlyDictionary<string, Tensor> state) => average.Load(state);

    public void Dispose() => average.Dispose();
}
