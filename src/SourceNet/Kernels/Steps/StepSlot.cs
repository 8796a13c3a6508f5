namespace SourceNet.Kernels.Steps;

/// <summary>One parameter in a step: where its floats lie, and what is done to them. Memory that its rule does not use is null.</summary>
internal unsafe struct StepSlot
{
    internal float* Weight;
    internal float* Gradient;

    /// <summary>Adam's first moment, or the velocity.</summary>
    internal float* First;
    internal float* Second;

    /// <summary>The largest second moment so far.</summary>
    internal float* Largest;

    internal long Count;
    internal StepRule Rule;
    internal StepNumbers Numbers;
}
