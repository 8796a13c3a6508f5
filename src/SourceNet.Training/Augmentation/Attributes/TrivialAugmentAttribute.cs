namespace SourceNet.Training;

/// <summary>Makes one change, drawn from fourteen, of a random strength (Müller and Hutter 2021).</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TrivialAugmentAttribute : Attribute
{
    /// <summary>What the pixels of turned, sheared and moved images are made of.</summary>
    public ImageInterpolation Interpolation { get; set; }

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; set; }
}
