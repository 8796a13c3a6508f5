using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using Kind = SourceNet.Modeling.RegularizationKind;
using Number = SourceNet.Modeling.Regularizers.StrengthArgument.Number;
using Switch = SourceNet.Modeling.Regularizers.StrengthArgument.Switch;

namespace SourceNet.Modeling.Regularizers;

/// <summary>Every regularizer, once. The readers, the passes, the generator, the rules, the audit and the documentation have no list of their own.</summary>
public static class RegularizerCatalogue
{
    private static readonly Number s_strength = new("The strength", NumberRange.AtLeast0);
    private static readonly Number s_alpha = new("Alpha", NumberRange.Above0);

    /// <summary>The regularizers in the order in which plans, groups and documents list those of one place.</summary>
    public static IReadOnlyList<Regularizer> All { get; } =
    [
        new LayerRegularizer(Kind.Dropout, "Dropout", "Dropout(0)"),
        new LayerRegularizer(Kind.SpatialDropout, "SpatialDropout", "Dropout(0)"),
        new LayerRegularizer(Kind.AlphaDropout, "AlphaDropout", "Dropout(0)"),
        new LayerRegularizer(Kind.GaussianDropout, "GaussianDropout", "Dropout(0)"),
        new LayerRegularizer(Kind.DropBlock, "DropBlock", "Dropout(0)"),
        new LayerRegularizer(Kind.DropPath, "DropPath", "DropPath(0)"),
        new LayerRegularizer(Kind.GaussianNoise, "GaussianNoise", null),
        new LayerRegularizer(Kind.BatchNorm, "Norm", "Norm(NormKind.None)"),
        new LayerRegularizer(Kind.LayerNorm, "Norm", "Norm(NormKind.None)"),
        new LayerRegularizer(Kind.RMSNorm, "Norm", "Norm(NormKind.None)"),
        new LayerRegularizer(Kind.GroupNorm, "Norm", "Norm(NormKind.None)"),
        new LayerRegularizer(Kind.InstanceNorm, "Norm", "Norm(NormKind.None)"),

        new WeightPenalty(Kind.WeightDecay, s_strength, "weight decay", "WeightDecay") { ActsOn = WeightAspect.Lengths },
        new WeightPenalty(Kind.L1, s_strength, "L1", "L1") { ActsOn = WeightAspect.Elements },
        new CompositeRegularizer(
            Kind.ElasticNet,
            new Number("Alpha", NumberRange.AtLeast0) { Also = new("L1Ratio", NumberRange.Share, Otherwise: 0.5) },
            strength => [(Kind.WeightDecay, strength.Value * strength.Also!.Value.Complement()), (Kind.L1, strength.Value * strength.Also.Value)])
        {
            // Its parts do.
            ActsOn = WeightAspect.None,
        },
        new WeightPenalty(Kind.L2, s_strength, "L2", "L2") { ActsOn = WeightAspect.Lengths },

        // Projected onto in this order, so that a later one leaves the earlier ones true.
        new WeightConstraint(Kind.NonNegative, new Switch(), "non-negative", _ => "NonNegative") { ActsOn = WeightAspect.Elements },
        new WeightConstraint(Kind.MaxNorm, new Number("The norm", NumberRange.Above0OrOff), "max norm", maximum => $"MaxNorm({maximum})")
        {
            ActsOn = WeightAspect.Lengths
        },
        new WeightConstraint(Kind.UnitNorm, new Switch(), "unit norm", _ => "UnitNorm()") { ActsOn = WeightAspect.Lengths, Decides = WeightAspect.Lengths },
        new WeightConstraint(Kind.Orthogonal, new Switch(), "orthogonal", _ => "Orthogonal()")
        {
            ActsOn = WeightAspect.None,
            Decides = WeightAspect.Lengths | WeightAspect.Elements,
        },
        new WeightPenalty(
            Kind.Pruned, new Number("The share", NumberRange.Rate) { Also = new("FromEpoch", NumberRange.AtLeast1, Otherwise: 1) { IsWhole = true } },
            "pruned", "Sparsity")
        {
            ActsOn = WeightAspect.Elements,
            AlsoMember = "SparsityFromEpoch",
        },

        new Reparametrization(Kind.DropConnect, new Number("The rate", NumberRange.Rate), "DropConnect", "drop_connect", rate => rate.CSharp)
        {
            ActsOn = WeightAspect.None,
            InTrainMode = "DropConnect still drops weights",
            StartsFromWeight = false,
            DecidesScale = false,
            IsPerUnit = false,
            SparesOutput = true,
        },
        new Reparametrization(Kind.WeightNorm, new Switch(), "WeightNorm", "weight_norm", _ => "")
        {
            ActsOn = WeightAspect.None,
            InTrainMode = "",
            StartsFromWeight = true,
            DecidesScale = true,
            IsPerUnit = true,
            SparesOutput = false,
        },
        new Reparametrization(
            Kind.SpectralNorm, new Switch { Count = "Iterations" }, "SpectralNorm", "spectral_norm",
            iterations => iterations.Value == 1 ? "" : $", iterations: {iterations.Text}")
        {
            ActsOn = WeightAspect.None,
            Decides = WeightAspect.Lengths,
            InTrainMode = "spectral norm moves its estimate",
            StartsFromWeight = true,
            DecidesScale = true,
            IsPerUnit = false,
            SparesOutput = false,
        },

        new ParameterTreatment(Kind.LearningRate, new Number("The factor", NumberRange.Above0) { Neutral = 1 }) { ActsOn = WeightAspect.None },
        new ParameterTreatment(Kind.Frozen, new Switch { Count = "UntilEpoch", Least = 2, Setting = "until epoch" }) { ActsOn = WeightAspect.None },

        new LossRegularizer(Kind.LabelSmoothing, new Number("The share", NumberRange.Rate), "labelSmoothing", ObjectiveKind.CrossEntropy, "cross-entropy"),
        new GradientRegularizer(Kind.GradientClip, new Number("The norm", NumberRange.Above0), "GradientClip"),
        new TrainingTechnique(Kind.Ema, new Number("The decay", NumberRange.Inside0And1), "EmaDecay") { Setting = new("WarmUp", "EmaWarmUp") },
        new TrainingTechnique(Kind.Swa, new Number("The start", NumberRange.Rate), "SwaFrom"),
        new TrainingTechnique(Kind.Sam, new Number("The radius", NumberRange.Above0), "SamRho"),
        new TrainingTechnique(Kind.RDrop, new Number("The weight", NumberRange.Above0), "RDrop"),
        new TrainingTechnique(Kind.MixUp, s_alpha, "MixUp"),
        new TrainingTechnique(Kind.CutMix, s_alpha, "CutMix"),
        new TrainingTechnique(Kind.EarlyStopping, new Number("The patience", NumberRange.AtLeast1), "EarlyStoppingPatience", IsWhole: true),
    ];

    private static readonly Dictionary<Kind, (Regularizer Entry, int Order)> s_byKind =
        All.Select((entry, order) => (entry, order)).ToDictionary(item => item.entry.Kind, item => (item.entry, item.order));

    private static readonly Dictionary<string, Regularizer> s_byAttribute =
        All.Where(entry => entry is not LayerRegularizer).ToDictionary(entry => entry.Attribute, StringComparer.Ordinal);

    /// <summary>The entry of a kind.</summary>
    public static Regularizer Of(Kind kind) => s_byKind[kind].Entry;

    /// <summary>Whether what an entry does to weights differs between train and eval mode.</summary>
    internal static ModeEffect ModeOf(DeclaredRegularizer entry) =>
        Of(entry.Kind) is Reparametrization { InTrainMode: { Length: > 0 } words } ? ModeEffect.Of(words) : ModeEffect.Same;

    /// <summary>The place of a kind in <see cref="All"/>.</summary>
    public static int OrderOf(Kind kind) => s_byKind[kind].Order;

    /// <summary>The regularizer that an attribute declares which is no layer; null if it declares none.</summary>
    /// <param name="attribute">The attribute's name without its suffix.</param>
    public static Regularizer? OfAttribute(string attribute) => s_byAttribute.TryGetValue(attribute, out var entry) ? entry : null;
}
