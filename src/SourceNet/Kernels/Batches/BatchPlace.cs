namespace SourceNet.Kernels.Batches;

/// <summary>Where a kernel finds everything, and the numbers of the call. Samples of channels of planes: <c>[N, C, S]</c>, where S is 1 for plain features.</summary>
internal unsafe struct BatchPlace
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
    internal float* Inverse;

    /// <summary>By how much the rounded mean is above the mean.</summary>
    internal float* Excess;

    /// <summary>For each channel, what <c>x − mean</c> is multiplied with: the weight by the deviation.</summary>
    internal float* Scale;

    /// <summary>For each channel, what is added to that.</summary>
    internal float* Shift;

    /// <summary>For each channel, what the gradient of x loses for each <c>x − mean</c>.</summary>
    internal float* Pull;

    /// <summary>For each channel, what is added to every gradient of x.</summary>
    internal float* Level;

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
}
