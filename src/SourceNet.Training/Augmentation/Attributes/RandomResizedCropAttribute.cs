namespace SourceNet.Training;

/// <summary>Cuts a part of random area and ratio out of the image and makes it a square of one size.</summary>
/// <param name="size">The side of the square, in pixels.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomResizedCropAttribute(int size) : Attribute
{
    /// <summary>The side of the square, in pixels.</summary>
    public int Size => size;

    /// <summary>The least share of the image's area, above 0.</summary>
    public double MinScale { get; set; } = 0.08;

    /// <summary>The greatest share of the image's area, at most 1.</summary>
    public double MaxScale { get; set; } = 1;

    /// <summary>The least ratio of width to height, above 0.</summary>
    public double MinRatio { get; set; } = 0.75;

    /// <summary>The greatest ratio of width to height.</summary>
    public double MaxRatio { get; set; } = 4.0 / 3;

    /// <summary>What the new pixels are made of.</summary>
    public ImageInterpolation Interpolation { get; set; } = ImageInterpolation.Bilinear;
}
