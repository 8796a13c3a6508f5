#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>The regularizers that can be declared.</summary>
public enum RegularizationKind
{
    /// <summary>Zeroes single activations.</summary>
    Dropout,
    /// <summary>Zeroes whole feature maps.</summary>
    SpatialDropout,
    /// <summary>Dropout that keeps mean and variance under SELU.</summary>
    AlphaDropout,
    /// <summary>Skips the body of a residual block for whole samples: stochastic depth.</summary>
    DropPath,
    /// <summary>Zeroes contiguous regions of feature maps.</summary>
    DropBlock,
    /// <summary>Zeroes single weights.</summary>
    DropConnect,
    /// <summary>Adds normal noise to activations.</summary>
    GaussianNoise,
    /// <summary>Multiplies activations by normal noise around 1.</summary>
    GaussianDropout,
    /// <summary>Decoupled weight decay in the optimizer step.</summary>
    WeightDecay,
    /// <summary>Proximal L1 in the optimizer step: exact zeros.</summary>
    L1,
    /// <summary>Proximal L1 and decoupled weight decay together.</summary>
    ElasticNet,
    /// <summary>A coupled squared penalty in the objective, <c>strength/2 · Σ w²</c>.</summary>
    L2,
    /// <summary>A bound on the norm of each unit's weights.</summary>
    MaxNorm,
    /// <summary>A norm of 1 for each unit's weights.</summary>
    UnitNorm,
    /// <summary>No weight below 0.</summary>
    NonNegative,
    /// <summary>Orthonormal rows or columns.</summary>
    Orthogonal,
    /// <summary>A weight divided by its largest singular value.</summary>
    SpectralNorm,
    /// <summary>A weight split into direction and magnitude.</summary>
    WeightNorm,
    /// <summary>Targets moved towards the uniform distribution.</summary>
    LabelSmoothing,
    /// <summary>A bound on the global norm of the gradients.</summary>
    GradientClip,
    /// <summary>Mixtures of two inputs and of their labels.</summary>
    MixUp,
    /// <summary>Inputs with a rectangle of another one.</summary>
    CutMix,
    /// <summary>Two forward passes with different dropout that must agree.</summary>
    RDrop,
    /// <summary>Gradients at the worst point nearby.</summary>
    Sam,
    /// <summary>An exponential moving average of the weights.</summary>
    Ema,
    /// <summary>The mean of the weights of the last epochs.</summary>
    Swa,
    /// <summary>An end of training when the validation loss no longer improves.</summary>
    EarlyStopping,
    /// <summary>Normalization over the batch; its noise regularizes too.</summary>
    BatchNorm,
    /// <summary>Normalization over the features of a position.</summary>
    LayerNorm,
    /// <summary>Normalization over the features of a position, without the mean.</summary>
    RMSNorm,
    /// <summary>Normalization over groups of channels.</summary>
    GroupNorm,
    /// <summary>Normalization over the space of one channel.</summary>
    InstanceNorm,
    /// <summary>The smallest weights at exactly 0, and held there.</summary>
    Pruned,
    /// <summary>A factor of the optimizer's learning rate.</summary>
    LearningRate,
    /// <summary>Parameters that do not learn, under layers in eval mode.</summary>
    Frozen,
}
