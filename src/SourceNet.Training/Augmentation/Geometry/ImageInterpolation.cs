namespace SourceNet.Training;

/// <summary>What a pixel of a turned or resized image is made of.</summary>
public enum ImageInterpolation
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The four pixels around, each as much as it is near; where an image is made smaller, all pixels that a new one covers.</summary>
    Bilinear,
}
