using SourceNet.Activations;
using SourceNet.Kernels.Masks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Neighboring layers in one pass over memory. Each call takes the modules that hold parameters, rates and modes, and gives what they would give one after the other.
/// </summary>
/// <remarks>
/// <para>
/// Dense float32 tensors on the CPU go through a kernel; everything else (other types and devices, transposed tensors, no element) through the modules themselves, which is decided at each call. Gradients of
/// gradients are composed of TorchSharp operators too. Hooks of the modules run only where the modules do.
/// </para>
/// <para>
/// A kernel's dropout draws one seed a call from torch's default generator, so that <c>torch.manual_seed</c> repeats a run, whatever the number of threads. The masks are not those that
/// <c>nn.Dropout</c> would draw.
/// </para>
/// </remarks>
public static partial class Fused
{
    /// <summary>The mask of a dropout that drops now; null for none.</summary>
    private static KeepMask? Draw(Dropout? dropout) => dropout is { training: true, p: > 0 } ? KeepMask.Draw(dropout.p) : null;

    /// <summary>Activation and dropout as modules do them. Disposes what it is given.</summary>
    private static Tensor Compose<TActivation>(Tensor x, TActivation activation, nn.Module<Tensor, Tensor>? dropout)
        where TActivation : unmanaged, IActivation
    {
        if (typeof(TActivation) == typeof(Activations.Identity))
        {
            return Drop(x, dropout);
        }

        using (x)
        {
            return Drop(activation.Compose(x), dropout);
        }
    }

    private static Tensor Drop(Tensor x, nn.Module<Tensor, Tensor>? dropout)
    {
        if (dropout is not { training: true })
        {
            return x;
        }

        using (x)
        {
            return dropout.call(x);
        }
    }

    /// <summary>Whether the last axes of a tensor are these.</summary>
    private static bool EndsWith(Tensor x, long[] shape)
    {
        var rank = (int)x.ndim;
        var fits = rank >= shape.Length;
        for (var axis = 0; fits && axis < shape.Length; axis++)
        {
            fits = x.size(rank - shape.Length + axis) == shape[axis];
        }

        return fits;
    }
}
