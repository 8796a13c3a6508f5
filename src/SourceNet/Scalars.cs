using TorchSharp;

namespace SourceNet;

/// <summary>
/// Scalars that live as long as the process. TorchSharp converts a number argument to a new native object on each call, which costs an allocation
/// and a finalizer, and which the garbage collector may finalize while the native call still reads it.
/// </summary>
internal static class Scalars
{
    internal static readonly Scalar Zero = 0.ToScalar();
    internal static readonly Scalar One = 1.ToScalar();
    internal static readonly Scalar Two = 2.ToScalar();
}
