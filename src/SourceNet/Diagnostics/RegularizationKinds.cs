#if SOURCENET_MODELING // The compiler's components have the same table, from this file.
using static SourceNet.Modeling.RegularizationEffect;
using static SourceNet.Modeling.RegularizationPlace;

namespace SourceNet.Modeling;
#else
using static SourceNet.RegularizationEffect;
using static SourceNet.RegularizationPlace;

namespace SourceNet;
#endif

/// <summary>Where each regularizer acts, and what it does. The compiler names a kind that this table lacks.</summary>
public static class RegularizationKinds
{
    /// <summary>Where a regularizer acts.</summary>
    public static RegularizationPlace Place(this RegularizationKind kind) => Of(kind).Place;

    /// <summary>What a regularizer does.</summary>
    public static RegularizationEffect Effect(this RegularizationKind kind) => Of(kind).Effect;

#pragma warning disable CS8524 // What is left are numbers that are no kind, which throws; CS8509 names a kind that is not covered.
    private static (RegularizationPlace Place, RegularizationEffect Effect) Of(RegularizationKind kind) => kind switch
    {
        RegularizationKind.Dropout => (Forward, Noise),
        RegularizationKind.SpatialDropout => (Forward, Noise),
        RegularizationKind.AlphaDropout => (Forward, Noise),
        RegularizationKind.DropPath => (Forward, Noise),
        RegularizationKind.DropBlock => (Forward, Noise),
        RegularizationKind.DropConnect => (Reparametrization, Noise),
        RegularizationKind.GaussianNoise => (Forward, Noise),
        RegularizationKind.GaussianDropout => (Forward, Noise),
        RegularizationKind.WeightDecay => (Step, Shrinkage),
        RegularizationKind.L1 => (Step, Shrinkage),
        RegularizationKind.ElasticNet => (Step, Shrinkage),
        RegularizationKind.L2 => (Objective, Shrinkage),
        RegularizationKind.MaxNorm => (Step, Constraint),
        RegularizationKind.UnitNorm => (Step, Constraint),
        RegularizationKind.NonNegative => (Step, Constraint),
        RegularizationKind.Orthogonal => (Step, Constraint),
        RegularizationKind.SpectralNorm => (Reparametrization, Constraint),
        RegularizationKind.WeightNorm => (Reparametrization, Stabilization),
        RegularizationKind.LabelSmoothing => (Objective, Smoothing),
        RegularizationKind.GradientClip => (Gradients, Stabilization),
        RegularizationKind.MixUp => (Data, Mixing),
        RegularizationKind.CutMix => (Data, Mixing),
        RegularizationKind.RDrop => (Training, Smoothing),
        RegularizationKind.Sam => (Training, Smoothing),
        RegularizationKind.Ema => (Training, Stabilization),
        RegularizationKind.Swa => (Training, Stabilization),
        RegularizationKind.EarlyStopping => (Training, Stopping),
        RegularizationKind.BatchNorm => (Forward, Normalization),
        RegularizationKind.LayerNorm => (Forward, Normalization),
        RegularizationKind.RMSNorm => (Forward, Normalization),
        RegularizationKind.GroupNorm => (Forward, Normalization),
        RegularizationKind.InstanceNorm => (Forward, Normalization),
        RegularizationKind.Pruned => (Training, Constraint),
        RegularizationKind.LearningRate => (Step, Stabilization),
        RegularizationKind.Frozen => (Gradients, Constraint),
    };
#pragma warning restore CS8524
}
