namespace SourceNet.Kernels.Updates;

/// <summary>The numbers of one parameter's step. A rule reads those it knows.</summary>
internal struct UpdateCoefficients
{
    /// <summary>Decoupled decay: what the weight is multiplied with, <c>1 − lr · decay</c>.</summary>
    internal float DecayFactor;

    /// <summary>Decay that is part of the direction: LAMB.</summary>
    internal float Decay;

    /// <summary>What the weight moves along the direction: <c>−lr</c> and what a method multiplies it with.</summary>
    internal float Rate;

    /// <summary>What the velocity or the first moment counts beside the gradient: Nesterov.</summary>
    internal float NesterovRatio;

    /// <summary>Proximal L1: <c>lr · l1</c>, 0 for none.</summary>
    internal float Threshold;

    /// <summary>The smallest weight: 0, or minus infinity for no constraint.</summary>
    internal float LowerBound;

    /// <summary>β₁, or the momentum μ: what the first moment or the velocity is multiplied with.</summary>
    internal float Beta1;

    /// <summary><c>1 − β₁</c>, or <c>1 − dampening</c>: what the gradient is multiplied with that is added to it.</summary>
    internal float GradientFactor;

    /// <summary>β₂: what the second moment is multiplied with, in Lion the moment itself.</summary>
    internal float Beta2;

    /// <summary><c>1 − β₂</c>: what the squared gradient is multiplied with that is added to it, in Lion the gradient.</summary>
    internal float SquareFactor;

    /// <summary>The first moment's correction, <c>1 / (1 − β₁ᵗ)</c>, where it is not in the rate.</summary>
    internal float FirstCorrection;

    /// <summary>One over the root of the second moment's correction, <c>1 / √(1 − β₂ᵗ)</c>; 1 for none.</summary>
    internal float InverseRootCorrection;

    internal float Epsilon;
}
