namespace SourceNet.Kernels.Updates;

/// <summary>Where the floats of a parameter lie, and of what belongs to it. What its rule does not use is null.</summary>
internal unsafe struct TensorPointers
{
    internal float* Weight;
    internal float* Gradient;

    /// <summary>Adam's first moment, or the velocity.</summary>
    internal float* FirstMoment;

    internal float* SecondMoment;

    /// <summary>The largest second moment so far: AMSGrad.</summary>
    internal float* MaxSecondMoment;

    /// <summary>The mean of gradients, beside a velocity: centered RMSprop.</summary>
    internal float* GradientMean;

    /// <summary>The same from another element on.</summary>
    internal readonly TensorPointers From(long start) => new()
    {
        Weight = Weight + start,
        Gradient = Gradient + start,
        FirstMoment = FirstMoment + start,
        SecondMoment = SecondMoment + start,
        MaxSecondMoment = MaxSecondMoment + start,
        GradientMean = GradientMean + start,
    };
}
