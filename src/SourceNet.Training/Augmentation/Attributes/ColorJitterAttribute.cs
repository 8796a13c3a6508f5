namespace SourceNet.Training;

/// <summary>Changes brightness, contrast and saturation by factors that are uniform in <c>[max(0, 1 − strength), 1 + strength]</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ColorJitterAttribute : Attribute
{
    /// <summary>How far the brightness may change, at least 0.</summary>
    public double Brightness { get; set; }

    /// <summary>How far the contrast may change, at least 0.</summary>
    public double Contrast { get; set; }

    /// <summary>How far the saturation may change, at least 0. Only for color images.</summary>
    public double Saturation { get; set; }
}
