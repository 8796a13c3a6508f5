namespace SourceNet.Kernels.Updates;

/// <summary>The numbers of one parameter's step. A rule reads those it knows.</summary>
internal struct UpdateCoefficients
{
    /// <summary>Decoupled decay: what the weight is multiplied with, <c>1 − lr · decay</c>.</summary>
    internal float DecayFactor;

    /// <summary>What the weight moves along the direction: <c>−lr</c>, for Adam divided by the correction of the first moment.</summary>
    internal float Rate;

    /// <summary>What the weight moves along the velocity, beside the gradient: Nesterov.</summary>
    internal float NesterovRate;

    /// <summary>Proximal L1: <c>lr · l1</c>, 0 for none.</summary>
    internal float Threshold;

    /// <summary>The smallest weight: 0, or minus infinity for no constraint.</summary>
    internal float LowerBound;

    /// <summary>β₁, or the momentum μ: what the first moment or the velocity is multiplied with.</summary>
    internal float Beta1;

    /// <summary><c>1 − β₁</c>, or <c>1 − dampening</c>: what the gradient is multiplied with that is added to it.</summary>
    internal float GradientFactor;

    /// <summary>β₂: what the second moment is multiplied with.</summary>
    internal float Beta2;

    /// <summary><c>1 − β₂</c>: what the squared gradient is multiplied with that is added to it.</summary>
    internal float SquareFactor;

    /// <summary>One over the root of the second moment's correction, <c>1 / √(1 − β₂ᵗ)</c>.</summary>
    internal float InverseRootCorrection;

    internal float Epsilon;
}
