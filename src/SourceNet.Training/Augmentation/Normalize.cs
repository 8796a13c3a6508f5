namespace SourceNet.Training;

/// <summary>
/// Standardizes each channel: <c>(x/255 − mean) / standard deviation</c>. Nothing in it is random: it is what images to evaluate on go through.
/// </summary>
public sealed class Normalize : ImageTransform
{
    private readonly ChannelScale[] scales;

    /// <param name="mean">The mean of each channel of images with values in [0, 1].</param>
    /// <param name="standardDeviation">The standard deviation of each channel, above 0.</param>
    /// <exception cref="ArgumentException">No channel, lists of different lengths, a number that is not finite, or a deviation that is not above 0.</exception>
    public Normalize(IReadOnlyList<double> mean, IReadOnlyList<double> standardDeviation)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(standardDeviation);
        if (mean.Count == 0 || mean.Count != standardDeviation.Count)
        {
            throw new ArgumentException(
                $"Normalize takes a mean and a standard deviation for each channel, and these are {mean.Count} and {standardDeviation.Count}.",
                nameof(standardDeviation));
        }

        if (!mean.All(double.IsFinite))
        {
            throw new ArgumentException("Normalize takes finite means.", nameof(mean));
        }

        if (!standardDeviation.All(deviation => deviation > 0 && double.IsFinite(deviation)))
        {
            throw new ArgumentException("Normalize takes standard deviations above 0.", nameof(standardDeviation));
        }

        Mean = [.. mean];
        StandardDeviation = [.. standardDeviation];
        scales = [.. Mean.Zip(StandardDeviation, ChannelScale.Of)];
    }

    /// <summary>The mean of each channel, of values in [0, 1].</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>The standard deviation of each channel.</summary>
    public IReadOnlyList<double> StandardDeviation { get; }

    /// <summary>What becomes of the bytes of a channel.</summary>
    internal ChannelScale this[int channel] => scales[channel];

    /// <inheritdoc/>
    public override ImageShape OutputShape(ImageShape input) => input.Channels == Mean.Count
        ? input
        : throw new ArgumentException($"Normalize has the means of {Mean.Count} channels, and the images are {input}.", nameof(input));

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var plane = new Range(channel * shape.Pixels, (channel + 1) * shape.Pixels);
            PixelLoops.Map(image[plane], scales[channel], output[plane]);
        }
    }
}
