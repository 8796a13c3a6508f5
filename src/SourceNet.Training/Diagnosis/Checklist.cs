using Kind = SourceNet.RegularizationKind;

namespace SourceNet.Training;

/// <summary>The regularization guide's practical checklist, in its order, read beside what a model declares.</summary>
/// <param name="plan">What the model declares; null if it is not a declared one.</param>
/// <param name="augments">Whether the training images are augmented, which no plan tells; null if it is not known.</param>
internal sealed class Checklist(RegularizationPlan? plan, bool? augments)
{
    private const string Augment = "Add data augmentation: mostly the first step, and the one with the largest effect.";

    private static readonly Kind[] s_mixing = [Kind.MixUp, Kind.CutMix];
    private static readonly Kind[] s_weights = [Kind.WeightDecay, Kind.L2, Kind.L1, Kind.ElasticNet];
    private static readonly Kind[] s_noise = [Kind.Dropout, Kind.SpatialDropout, Kind.AlphaDropout, Kind.DropPath, Kind.DropBlock, Kind.DropConnect, Kind.GaussianNoise, Kind.GaussianDropout];
    private static readonly Kind[] s_norms = [Kind.BatchNorm, Kind.LayerNorm, Kind.RMSNorm, Kind.GroupNorm, Kind.InstanceNorm];
    private static readonly Kind[] s_limits = [Kind.MaxNorm, Kind.UnitNorm, Kind.NonNegative, Kind.Orthogonal, Kind.SpectralNorm, Kind.LabelSmoothing, Kind.RDrop, Kind.Sam];

    internal IReadOnlyList<NextStep> For(Fit fit) => fit switch
    {
        Fit.Overfitting => Overfitting(),
        Fit.Underfitting => Underfitting(),
        _ => [],
    };

    private List<NextStep> Overfitting() =>
    [
        Augmentation(),
        Regularizer(s_weights, "Add weight decay: start with 1e-4, and raise it while the model overfits.", "Raise weight decay."),
        Regularizer(s_noise, "Add dropout: start with 0.3 in dense layers and 0.1 in convolutional ones.", "Raise dropout."),
        Regularizer(s_norms, "Add normalization: batch norm for convolutions; layer norm or RMS norm for transformers.", "Keep the normalization."),
        Unknown("Reduce the capacity: fewer or narrower layers."),
        Unknown("Collect more data."),
    ];

    private List<NextStep> Underfitting()
    {
        var stopping = Declared([Kind.EarlyStopping]);
        return
        [
            Regularizer([.. s_mixing, .. s_weights, .. s_noise, .. s_limits], "There is no regularization to remove" + (augments == true ? " but the augmentation: weaken it." : "."), "Remove or reduce regularization."),
            Unknown("Increase the capacity: more or wider layers."),
            stopping.Count == 0 ? Unknown("Train longer.") : new("Train longer, with more patience.", StepState.Declared, stopping),
            Unknown("Reduce the learning rate."),
        ];
    }

    private NextStep Augmentation()
    {
        var mixing = Declared(s_mixing);
        if (mixing.Count > 0)
        {
            return new("Strengthen the augmentation.", StepState.Declared, mixing);
        }

        return augments switch
        {
            true => new("Strengthen the augmentation, or mix images with MixUp or CutMix.", StepState.Declared, []),
            false => new(Augment, StepState.Missing, []),
            null => Unknown(Augment),
        };
    }

    private NextStep Regularizer(Kind[] kinds, string ifMissing, string ifDeclared)
    {
        if (plan is null)
        {
            return Unknown(ifMissing);
        }

        var declared = Declared(kinds);
        return declared.Count == 0 ? new(ifMissing, StepState.Missing, []) : new(ifDeclared, StepState.Declared, declared);
    }

    private static NextStep Unknown(string advice) => new(advice, StepState.Unknown, []);

    /// <summary>A strength of 0 says that something is switched off.</summary>
    private List<Regularization> Declared(Kind[] kinds) =>
        plan is null ? [] : [.. plan.Entries.Where(entry => kinds.Contains(entry.Kind) && entry.Strength != "0")];
}
