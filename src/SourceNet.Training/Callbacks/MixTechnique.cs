using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary><see cref="MixUp"/>, <see cref="CutMix"/>, or one of both for each batch where both are declared.</summary>
internal sealed class MixTechnique : ITrainingTechnique
{
    private readonly MixUp? mixUp;
    private readonly CutMix? cutMix;

    /// <exception cref="ArgumentException">The targets are no classes, which could be mixed.</exception>
    internal MixTechnique(double? mixUp, double? cutMix, IBatchSource source)
    {
        if (source.Classes == 0)
        {
            throw new ArgumentException("MixUp and CutMix mix the labels of classes, and these targets are something else: leave them out, or give the "
                + "number of classes.", nameof(source));
        }

        this.mixUp = mixUp is { } alpha ? new MixUp(alpha, source.Classes) : null;
        this.cutMix = cutMix is { } beta ? new CutMix(beta, source.Classes) : null;
    }

    public (Tensor Inputs, Tensor Targets) Batch(TrainingRun run, Tensor inputs, Tensor targets, RandomKey key)
    {
        if (mixUp is not null && (cutMix is null || key.Stream(RandomPurpose.MixOrCut).Chance(0.5)))
        {
            return mixUp.Apply(inputs, targets, key);
        }

        return cutMix!.Apply(inputs, targets, key);
    }
}
