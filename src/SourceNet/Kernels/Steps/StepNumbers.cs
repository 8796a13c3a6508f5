namespace SourceNet.Kernels.Steps;

/// <summary>The numbers of one parameter's step. A rule reads those it knows.</summary>
internal struct StepNumbers
{
    /// <summary>Decoupled decay: what is kept of the weight, <c>1 − lr · decay</c>.</summary>
    internal float WeightKept;

    /// <summary>What the weight moves along the direction: <c>−lr</c>, for Adam divided by the correction of the first moment.</summary>
    internal float Rate;

    /// <summary>What the weight moves along the velocity, beside the gradient: Nesterov.</summary>
    internal float RateAhead;

    /// <summary>Proximal L1: <c>lr · l1</c>, 0 for none.</summary>
    internal float Threshold;

    /// <summary>The smallest weight: 0, or minus infinity for no constraint.</summary>
    internal float Floor;

    /// <summary>What is kept of the first moment, or of the velocity.</summary>
    internal float FirstKept;

    /// <summary>What is taken of the gradient into it.</summary>
    internal float FirstTaken;

    /// <summary>What is kept of the second moment.</summary>
    internal float SecondKept;

    /// <summary>What is taken of the squared gradient into it.</summary>
    internal float SecondTaken;

    /// <summary>One over the root of the second moment's correction, <c>1 / √(1 − β₂ᵗ)</c>.</summary>
    internal float InverseRootCorrection;

    internal float Epsilon;
}
