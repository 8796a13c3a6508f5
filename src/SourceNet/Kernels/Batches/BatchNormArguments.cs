using System.Diagnostics;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Where a kernel finds everything, and the numbers of the call. Samples of channels of planes: <c>[N, C, S]</c>, where S is 1 for plain features.
/// </summary>
internal unsafe struct BatchNormArguments
{
    internal long Samples;
    internal long Channels;
    internal long Size;

    internal float* X;

    /// <summary>What is written: the output, or the gradient of x. Null if nobody asks for that gradient.</summary>
    internal float* Result;

    /// <summary>The gradient of the output.</summary>
    internal float* Gradient;

    /// <summary>Scale of each channel, 1 if null.</summary>
    internal float* Weight;

    /// <summary>Shift of each channel, 0 if null.</summary>
    internal float* Bias;

    /// <summary>The mean of each channel, rounded to float32.</summary>
    internal float* Mean;

    /// <summary>One by the standard deviation of each channel.</summary>
    internal float* InverseDeviation;

    /// <summary>By how much the rounded mean of each channel is above its mean.</summary>
    internal float* MeanRoundingError;

    /// <summary>For each channel, what <c>x − mean</c> is multiplied with: the weight by the deviation.</summary>
    internal float* Scale;

    /// <summary>For each channel, what is added to that.</summary>
    internal float* Shift;

    /// <summary>For each channel, what <c>x − mean</c> is multiplied with in the gradient of x: gradients through the variance.</summary>
    internal float* GradSlope;

    /// <summary>For each channel, what is added to every gradient of x: gradients through the mean.</summary>
    internal float* GradOffset;

    /// <summary>The gradient of the weight; null if nobody asks for it.</summary>
    internal float* WeightGradient;

    /// <summary>The gradient of the bias; null if nobody asks for it.</summary>
    internal float* BiasGradient;

    internal float* RunningMean;
    internal float* RunningVariance;
    internal double Momentum;
    internal double Epsilon;

    /// <summary>Whether mean and deviation come from this batch, and gradients go through them.</summary>
    internal bool OfBatch;

    /// <summary>How many values a channel has.</summary>
    internal readonly long CountInChannel => Samples * Size;

    /// <summary>What the loops trust.</summary>
    [Conditional("DEBUG")]
    internal readonly void Check(BatchSteps steps)
    {
        Debug.Assert(Samples > 0 && Channels > 0 && Size > 0, "The kernels take at least one sample, channel and place.");
        Debug.Assert(Samples * Channels * Size < int.MaxValue, "A mask counts elements with 32 bits.");
        Debug.Assert(X is not null && Mean is not null && InverseDeviation is not null && MeanRoundingError is not null && Scale is not null
            && Shift is not null, "x and statistics are there.");
        Debug.Assert(Result is not null || (steps & (BatchSteps.Apply | BatchSteps.Gradient)) == 0, "What is written has a place.");
        Debug.Assert(Gradient is not null || (steps & (BatchSteps.Sums | BatchSteps.Gradient)) == 0, "A backward pass has a gradient.");
        Debug.Assert((GradSlope is not null && GradOffset is not null) || !OfBatch || (steps & (BatchSteps.Sums | BatchSteps.Gradient)) == 0,
            "Gradients through the statistics have a place.");
        Debug.Assert(OfBatch || (steps & BatchSteps.Statistics) == 0, "Given statistics are not computed.");
    }
}
