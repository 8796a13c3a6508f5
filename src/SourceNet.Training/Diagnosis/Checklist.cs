using static SourceNet.RegularizationEffect;

namespace SourceNet.Training;

/// <summary>The regularization guide's practical checklist, in its order, read beside what a model declares.</summary>
/// <param name="plan">What the model declares; null if it is not a declared one.</param>
/// <param name="augments">Whether the training images are augmented, which no plan tells; null if it is not known.</param>
internal sealed class Checklist(RegularizationPlan? plan, bool? augments)
{
    private const string Augment = "Add data augmentation: mostly the first step, and the one with the largest effect.";

    internal IReadOnlyList<NextStep> For(Fit fit) => fit switch
    {
        Fit.Overfitting => Overfitting(),
        Fit.Underfitting => Underfitting(),
        _ => [],
    };

    private List<NextStep> Overfitting() =>
    [
        Augmentation(),
        Regularizer([Shrinkage], "Add weight decay: start with 1e-4, and raise it while the model overfits.", "Raise weight decay."),
        Regularizer([Noise], "Add dropout: start with 0.3 in dense layers and 0.1 in convolutional ones.", "Raise dropout."),
        Regularizer([Normalization], "Add normalization: batch norm for convolutions; layer norm or RMS norm for transformers.", "Keep the normalization."),
        Unknown("Reduce the capacity: fewer or narrower layers."),
        Unknown("Collect more data."),
    ];

    private List<NextStep> Underfitting()
    {
        var stopping = Declared([Stopping]);
        return
        [
            Regularizer(
                [Mixing, Shrinkage, Noise, Constraint, Smoothing],
                "There is no regularization to remove" + (augments == true ? " but the augmentation: weaken it." : "."),
                "Remove or reduce regularization."),
            Unknown("Increase the capacity: more or wider layers."),
            stopping.Count == 0 ? Unknown("Train longer.") : new("Train longer, with more patience.", StepState.Declared, stopping),
            Unknown("Reduce the learning rate."),
        ];
    }

    private NextStep Augmentation()
    {
        var mixing = Declared([Mixing]);
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

    private NextStep Regularizer(RegularizationEffect[] effects, string ifMissing, string ifDeclared)
    {
        if (plan is null)
        {
            return Unknown(ifMissing);
        }

        var declared = Declared(effects);
        return declared.Count == 0 ? new(ifMissing, StepState.Missing, []) : new(ifDeclared, StepState.Declared, declared);
    }

    private static NextStep Unknown(string advice) => new(advice, StepState.Unknown, []);

    /// <summary>A strength of 0 says that something is switched off.</summary>
    private List<Regularization> Declared(RegularizationEffect[] effects) =>
        plan is null ? [] : [.. plan.Entries.Where(entry => effects.Contains(entry.Kind.Effect()) && entry.Strength != "0")];
}
