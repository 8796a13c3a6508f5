using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A <see cref="Swa"/> of the weights after the last epochs takes their place in the end, with statistics of batch norms of its own.</summary>
/// <param name="model">The model.</param>
/// <param name="from">The share of the epochs after which weights are taken.</param>
internal sealed class SwaTechnique(nn.Module model, double from) : ITrainingTechnique, IDisposable
{
    private readonly Swa average = new(model);

    public string Name => "swa";

    public void EpochEnds(TrainingRun run)
    {
        if ((double)run.Epoch / run.Options.Epochs > from)
        {
            average.Update();
        }
    }

    public void FitEnds(TrainingRun run)
    {
        // Early stopping may have ended it before.
        if (average.Count == 0)
        {
            return;
        }

        average.UpdateBatchNorm(run.Train.Epoch(0).Select(batch => Placement.On(run.Model, batch).Inputs), input => run.Model.call(input));
        State.Copy(State.Without(average.Save(), AveragedState.CountName), run.Model);
        run.Final = run.Measure();
    }

    public IReadOnlyDictionary<string, Tensor> Save() => average.Save();

    public void Load(IReadOnlyDictionary<string, Tensor> state) => average.Load(state);

    public void Dispose() => average.Dispose();
}
