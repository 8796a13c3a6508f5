namespace SourceNet.Training;

/// <summary>Makes n changes one after the other, each drawn from fourteen, all of one strength m (Cubuk et al. 2019).</summary>
/// <param name="n">The number of changes, at least 0.</param>
/// <param name="m">Their strength, 0 to 30.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandAugmentAttribute(int n = 2, int m = 9) : Attribute
{
    /// <summary>The number of changes.</summary>
    public int N => n;

    /// <summary>Their strength, 0 to 30.</summary>
    public int M => m;

    /// <summary>What the pixels of turned, sheared and moved images are made of.</summary>
    public ImageInterpolation Interpolation { get; set; }

    /// <summary>What comes in from outside, 0 to 255.</summary>
    public int Fill { get; set; }
}
