using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A group as TorchSharp's schedulers see it.</summary>
internal class MethodGroup : ParamGroup
{
    internal MethodGroup(RegularizedGroup declared, MethodOptions options)
    {
        Declared = declared;
        Parameters = declared.Parameters;
        Options = options;
    }

    internal RegularizedGroup Declared { get; }

    /// <summary>What a weight moves along the direction that lowers the objective, against it where the method climbs.</summary>
    internal double Rate => ((MethodOptions)Options).Maximize ? LearningRate : -LearningRate;

    /// <summary>Whether anything at all is done to the group's weights in a step.</summary>
    internal bool Regularizes =>
        Declared.Regularization is { WeightDecay: > 0 } or { L1: > 0 } or { Constraint: not (null or { IsFloor: true, Floor: float.NegativeInfinity }) };
}

/// <summary>A group whose decay rates a scheduler may change.</summary>
internal sealed class BetaGroup(RegularizedGroup declared, BetaOptions options) : MethodGroup(declared, options), optim.IBetas
{
    public (double, double) Betas
    {
        get => (options.Beta1, options.Beta2);
        set => (options.Beta1, options.Beta2) = value;
    }
}

/// <summary>A group whose momentum a scheduler may change.</summary>
internal sealed class MomentumGroup(RegularizedGroup declared, MomentumOptions options) : MethodGroup(declared, options), optim.IMomentum
{
    public double Momentum
    {
        get => options.Momentum;
        set => options.Momentum = value;
    }
}
