using System.ComponentModel;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary>
/// An elementwise activation that a fused kernel can take in, and that TorchSharp's operators can compose. Implemented by the structures of this namespace:
/// each is compiled into the kernels that use it.
/// </summary>
/// <remarks>Generated code passes it to a kernel. Both ways agree with libtorch's definition, the derivative at kinks included.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IActivation
{
    /// <summary>The activation of every element, by TorchSharp's operators.</summary>
    /// <param name="x">A floating-point tensor of any shape.</param>
    /// <returns>A new tensor of this shape.</returns>
    Tensor Compose(Tensor x);

    /// <summary>f(x)</summary>
    internal TVector Value<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>;

    /// <summary>Whether f′ is 0 on a whole range, where libtorch cuts any gradient off, even one that is no number; elsewhere it multiplies.</summary>
    internal static virtual bool Cuts => false;

    /// <summary>Whether f′(f(x)) = f′(x), so that a backward pass can read the result where x was never written.</summary>
    internal static virtual bool ResultTellsDerivative => false;

    /// <summary>f′(x)</summary>
    internal TVector Derivative<TVector>(TVector x)
        where TVector : struct, ISimdVector<TVector>;
}
