#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>Which connections of a weight keep their variance under <see cref="InitKind.KaimingNormal"/> and <see cref="InitKind.KaimingUniform"/>.</summary>
public enum FanMode
{
    /// <summary>Those that come in: activations keep their size. PyTorch's <c>fan_in</c>.</summary>
    In,

    /// <summary>Those that go out: gradients keep their size. PyTorch's <c>fan_out</c>.</summary>
    Out,
}
