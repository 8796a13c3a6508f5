namespace SourceNet.Training;

/// <summary>Cuts a square at a random place out of the image with a border of black.</summary>
/// <param name="size">The side of the square, in pixels.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RandomCropAttribute(int size) : Attribute
{
    /// <summary>The side of the square, in pixels.</summary>
    public int Size => size;

    /// <summary>The width of the border on each side, in pixels. 0 if nothing is said.</summary>
    public int Padding { get; set; }
}
