namespace SourceNet.Kernels.Batches;

/// <summary>What a pass does with the elements of a channel, in this order.</summary>
[Flags]
internal enum BatchSteps
{
    /// <summary>Reads x for its mean and its deviation.</summary>
    Statistics = 1,

    /// <summary>Reads x and writes the output.</summary>
    Apply = 2,

    /// <summary>Reads x and the output's gradient for the sums that gradients are made of.</summary>
    Sums = 4,

    /// <summary>Reads x and the output's gradient, and writes the gradient of x.</summary>
    Gradient = 8,
}
