#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>What new cells of a larger feature map are.</summary>
public enum UpsampleKind
{
    /// <summary>The nearest old cell.</summary>
    Nearest,

    /// <summary>Between the old cells along each axis: linear, bilinear or trilinear, by the number of axes.</summary>
    Linear,

    /// <summary>Of cubic curves through the old cells, for images.</summary>
    Cubic,
}
