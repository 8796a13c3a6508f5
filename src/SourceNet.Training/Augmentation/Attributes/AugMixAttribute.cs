namespace SourceNet.Training;

/// <summary>Mixes the image with several changed ones (Hendrycks et al. 2019).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AugMixAttribute : Attribute
{
    /// <summary>How strong changes may be, 1 to 10.</summary>
    public int Severity { get; set; } = 3;

    /// <summary>The number of changed images, at least 1.</summary>
    public int Width { get; set; } = 3;

    /// <summary>The number of changes in a row; 0 for one to three.</summary>
    public int Depth { get; set; }

    /// <summary>α of the Beta and Dirichlet distributions of the shares, above 0.</summary>
    public double Alpha { get; set; } = 1;

    /// <summary>Whether brightness, color, contrast and sharpness are changed too.</summary>
    public bool AllOperations { get; set; } = true;

    /// <summary>What the pixels of turned, sheared and moved images are made of.</summary>
    public ImageInterpolation Interpolation { get; set; } = ImageInterpolation.Bilinear;

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; set; }
}
