using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>What a model declares about its training, as callbacks, in the order in which they take each other's place in the end.</summary>
internal static class DeclaredTechniques
{
    /// <exception cref="ArgumentException">What is declared excludes each other, or does not go with the data or the number of epochs.</exception>
    internal static List<ITrainingCallback> Of(nn.Module model, DeclaredTraining training, TrainerOptions options, IBatchSource train)
    {
        if (training is { EmaDecay: not null, SwaFrom: not null })
        {
            throw new ArgumentException("Ema and Swa both take the place of the weights in the end: declare one of them.", nameof(training));
        }

        List<ITrainingCallback> techniques = [];
        if (FrozenTechnique.Parts(model).Any())
        {
            techniques.Add(new FrozenTechnique(model));
        }

        if ((training.MixUp ?? training.CutMix) is not null)
        {
            techniques.Add(new MixTechnique(training.MixUp, training.CutMix, train));
        }

        if (training.RDrop is { } weight)
        {
            techniques.Add(new RDropTechnique(weight));
        }

        if (training.SamRho is { } rho)
        {
            techniques.Add(new SamTechnique(model, rho));
        }

        if (training.EmaDecay is { } decay)
        {
            techniques.Add(new EmaTechnique(model, decay, training.EmaWarmUp));
        }

        if (training.EarlyStoppingPatience is { } patience)
        {
            techniques.Add(new EarlyStopping(patience, options.LeastImprovement, options.Monitor));
        }

        if (training.SwaFrom is { } from)
        {
            CheckReached(from, options.Epochs);
            techniques.Add(new SwaTechnique(model, from));
        }

        // Last, since averages that take the weights' place are pruned too.
        if (new PrunedTechnique(model, options.Epochs) is { IsNeeded: true } pruned)
        {
            techniques.Add(pruned);
        }

        return techniques;
    }

    private static void CheckReached(double from, int epochs)
    {
        if (from is not (>= 0 and < 1))
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Swa averages after a share of the epochs in [0, 1), and after {from} of {epochs} there is none left to average."),
                nameof(from));
        }
    }
}
