using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>
/// Every regularizer of weights in the optimizer step, in the objective or in the training loop, over a default that blocks add to and switch off.
/// </summary>
[Model, Input(12)]
[WeightDecay(0.01), LabelSmoothing(0.1), GradientClip(5)]
[Ema(WarmUp = false), Swa(0.5), Sam("strength * 2"), RDrop(0.3), MixUp, CutMix, EarlyStopping(7)]
public sealed partial class RegularizerZoo(double strength = 0.02, int groups = 2)
{
    [Linear(12), Activation(Tanh), L1(nameof(strength))]
    private partial Tensor Sparse(Tensor x);

    [Linear(12), Activation(Tanh), ElasticNet(0.04, L1Ratio = "strength * 10")]
    private partial Tensor Elastic(Tensor x);

    [Linear(12), Activation(Tanh), L2("strength / 2"), WeightDecay(0)]
    private partial Tensor Ridge(Tensor x);

    [Linear(12), Activation(Tanh), MaxNorm(0.3)]
    private partial Tensor Bounded(Tensor x);

    [Linear(12), Activation(Tanh), UnitNorm, WeightDecay(0)]
    private partial Tensor OnSphere(Tensor x);

    [Linear(12), Activation(Tanh), NonNegative]
    private partial Tensor Positive(Tensor x);

    [Linear(8), Activation(Tanh), Orthogonal, WeightDecay(0)]
    private partial Tensor Rotated(Tensor x);

    [Reshape(2, 2, 2), ConvTranspose2d(4, Kernel = 2), UnitNorm, NonNegative, WeightDecay(0)]
    private partial Tensor OnSphereTransposed(Tensor x);

    [ConvTranspose2d(6, Kernel = 2, Groups = nameof(groups)), UnitNorm, WeightDecay(0)]
    private partial Tensor OnSphereGrouped(Tensor x);

    [Flatten, Linear(4), WeightDecay(0), Output]
    private partial Tensor Logits(Tensor x);
}
