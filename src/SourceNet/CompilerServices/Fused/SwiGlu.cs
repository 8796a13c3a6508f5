using SourceNet.Kernels;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Rows;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices;

public static partial class Fused
{
    /// <summary><c>silu(gate) · up</c>, elementwise (Shazeer 2020, <see href="https://arxiv.org/abs/2002.05202"/>).</summary>
    /// <param name="gate">A floating-point tensor of any shape.</param>
    /// <param name="up">A tensor of the same shape.</param>
    public static Tensor SwiGlu(Tensor gate, Tensor up)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(up);
        return KernelInput.Fit(gate, up) ? new SwiGluOperation().Apply(gate, up)[0] : SwiGluOperation.Composed(gate, up);
    }
}
