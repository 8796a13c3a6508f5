using SourceNet.Kernels.Masks;

namespace SourceNet.Kernels.Batches;

/// <summary>Where a batch norm reads and writes: tensors <c>[Samples, Channels, Plane]</c>, and numbers for each channel.</summary>
internal unsafe struct BatchPlace
{
    internal float* Input;

    /// <summary>The result; in a backward pass, its gradient.</summary>
    internal float* Output;

    /// <summary>Never null: ones or zeros for a norm without scale and shift.</summary>
    internal float* Weight;
    internal float* Bias;

    /// <summary>The mean that was taken away, and 1 / √(variance + eps).</summary>
    internal float* Mean;
    internal float* Inverse;

    internal int Samples;
    internal int Channels;
    internal int Plane;

    /// <summary>So many neighboring channels are one chunk.</summary>
    internal int ChannelsPerChunk;

    internal double Eps;
    internal KeepMask Mask;

    /// <summary>Whether the mask is of whole channels of a sample, and not of elements.</summary>
    internal bool DropsChannels;

    /// <summary>How many numbers a channel has.</summary>
    internal readonly long Count => (long)Samples * Plane;

    internal readonly int Chunks => (Channels + ChannelsPerChunk - 1) / ChannelsPerChunk;

    /// <summary>The place of a sample's channel.</summary>
    internal readonly long Offset(int sample, int channel) => (((long)sample * Channels) + channel) * Plane;
}
