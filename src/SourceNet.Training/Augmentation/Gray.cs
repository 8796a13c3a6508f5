namespace SourceNet.Training;

/// <summary>How bright the channels of a color image look (ITU-R BT.601), as in PIL and torchvision.</summary>
internal static class Gray
{
    internal const float Red = 0.299f;
    internal const float Green = 0.587f;
    internal const float Blue = 0.114f;

    /// <summary>The weights of the channels: three, or the only one.</summary>
    internal static ReadOnlySpan<float> Weights(int channels) => channels == 1 ? [1] : [Red, Green, Blue];
}
