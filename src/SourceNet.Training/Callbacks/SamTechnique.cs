using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Each gradient is that of the worst point nearby: <see cref="Sam"/>.</summary>
internal sealed class SamTechnique(nn.Module model, double rho) : ITrainingTechnique
{
    private readonly Sam sam = new(model.parameters(), rho);

    public double Gradients(TrainingRun run, Func<Tensor> objective, Func<double> next) => sam.Both(run.Model, next, () => next());
}
