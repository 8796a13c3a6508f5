using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Native;

/// <summary>
/// Tells autograd that a tensor's memory was written to. A graph that saved the tensor then refuses to go backward, as after any of torch's own in-place operators, instead of
/// computing gradients from the wrong values.
/// </summary>
internal static unsafe class VersionCounter
{
    /// <summary>torch::autograd::impl::bump_version(const at::Tensor&amp;), with GCC's and Clang's name for it. A TorchSharp handle is the address of an at::Tensor.</summary>
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, void> s_bump =
        (delegate* unmanaged[SuppressGCTransition]<nint, void>)LibTorchSharp.Find("_ZN5torch8autograd4impl12bump_versionERKN2at6TensorE");

    /// <summary>Bumps the counter of a tensor that <see cref="BumpByView"/> was called for before: a few nanoseconds where the library exports libtorch's function.</summary>
    /// <remarks>The native function throws for a tensor made in inference mode, and a C++ exception must not reach managed code. <see cref="BumpByView"/> throws a managed one.</remarks>
    internal static void Bump(Tensor tensor)
    {
        if (s_bump is null)
        {
            BumpByView(tensor);
        }
        else
        {
            s_bump(tensor.Handle);
        }
    }

    /// <summary>Bumps the counter with an in-place operator on a view of no element, about 4 µs. Gradients must be off, and the tensor have an axis.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor was made in inference mode, and it is over.</exception>
    internal static void BumpByView(Tensor tensor)
    {
        using var nothing = tensor.narrow(0, 0, 0);
        using var same = nothing.zero_();
    }
}
