using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>MixUp, CutMix, one of both for each batch where both are declared, or nothing.</summary>
internal sealed class Mixer
{
    private readonly MixUp? mixUp;
    private readonly CutMix? cutMix;

    /// <exception cref="ArgumentException">The targets are no classes, which could be mixed.</exception>
    internal Mixer(DeclaredTraining training, IBatchSource source)
    {
        if ((training.MixUp ?? training.CutMix) is not null && source.Classes == 0)
        {
            throw new ArgumentException("MixUp and CutMix mix the labels of classes, and these targets are something else: leave them out, or give the number of classes.", nameof(source));
        }

        mixUp = training.MixUp is { } alpha ? new MixUp(alpha, source.Classes) : null;
        cutMix = training.CutMix is { } beta ? new CutMix(beta, source.Classes) : null;
    }

    internal (Tensor Inputs, Tensor Targets) Apply(Tensor inputs, Tensor targets, RandomKey key)
    {
        if (mixUp is not null && (cutMix is null || key.Stream(RandomPurpose.MixOrCut).Chance(0.5)))
        {
            return mixUp.Apply(inputs, targets, key);
        }

        return cutMix?.Apply(inputs, targets, key) ?? (inputs, targets);
    }
}
