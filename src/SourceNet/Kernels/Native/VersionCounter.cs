using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Native;

/// <summary>
/// Tells autograd that a tensor's memory was written to. A graph that saved the tensor then refuses to go backward, as after any of torch's own in-place
/// operators, instead of computing gradients from the wrong values.
/// </summary>
internal static unsafe class VersionCounter
{
    /// <summary>
    /// torch::autograd::impl::bump_version(const at::Tensor&amp;), with GCC's and Clang's name for it. A TorchSharp handle is the address of an at::Tensor.
    /// </summary>
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, void> s_bump =
        (delegate* unmanaged[SuppressGCTransition]<nint, void>)LibTorchSharp.Find("_ZN5torch8autograd4impl12bump_versionERKN2at6TensorE");

    /// <summary>
    /// torch::autograd::impl::version_counter(const at::Tensor&amp;): a reference to a pointer to the counter, which stands after a table of functions and a
    /// count of references. The layout is libtorch's own
    /// affair, so that it is tried out before it is trusted.
    /// </summary>
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte**> s_counter =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte**>)LibTorchSharp.Find("_ZN5torch8autograd4impl15version_counterERKN2at6TensorE");

    private const int CounterOffset = 16;

    /// <summary>Whether <see cref="Read"/> tells the truth in this libtorch.</summary>
    internal static bool CanBeRead { get; } = s_counter is not null && CountsWrites();

    /// <summary>How many operators have written into the tensor's memory; null for one made in inference mode, whose writes are not counted.</summary>
    internal static uint? Read(Tensor tensor)
    {
        var counter = *s_counter(tensor.Handle);
        return counter is null ? null : Volatile.Read(ref *(uint*)(counter + CounterOffset));
    }

    private static bool CountsWrites()
    {
        // Inference mode of the caller would make a tensor without a counter.
        using var counted = inference_mode(false);
        using var scope = NewDisposeScope();
        var tensor = zeros(1);
        var before = Read(tensor);
        tensor.zero_();
        var between = Read(tensor);
        tensor.zero_();
        tensor.zero_();
        return before == 0 && between == 1 && Read(tensor) == 3;
    }

    /// <summary>
    /// Bumps the counter of a tensor that <see cref="BumpByView"/> was called for before: a few nanoseconds where the library exports libtorch's function.
    /// </summary>
    /// <remarks>
    /// The native function throws for a tensor made in inference mode, and a C++ exception must not reach managed code. <see cref="BumpByView"/> throws a
    /// managed one.
    /// </remarks>
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

    /// <summary>Bumps the counter of any tensor with an axis that a kernel has written into, unless its writes are not counted. Gradients may be on.</summary>
    internal static void Wrote(Tensor tensor)
    {
        if (CanBeRead && s_bump is not null)
        {
            if (Read(tensor) is not null)
            {
                s_bump(tensor.Handle);
            }

            return;
        }

        using var ungraded = no_grad();
        BumpByView(tensor);
    }

    /// <summary>Bumps the counter with an in-place operator on a view of no element, about 4 µs. Gradients must be off, and the tensor have an axis.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor was made in inference mode, and it is over.</exception>
    internal static void BumpByView(Tensor tensor)
    {
        using var nothing = tensor.narrow(0, 0, 0);
        using var same = nothing.zero_();
    }
}
