using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Elements;
using SourceNet.Kernels.Masks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

public static partial class Fused
{
    /// <summary>An activation and dropout: <c>dropout(activation(x))</c>. Without dropout libtorch's own activation is as fast, and is used.</summary>
    /// <remarks>A bias before it costs nothing: libtorch adds it in the matrix product.</remarks>
    /// <param name="x">A tensor of any shape.</param>
    /// <param name="activation">What is applied to each element.</param>
    /// <param name="dropout">Drops elements while it is in train mode.</param>
    /// <returns>A new tensor of the input's shape.</returns>
    public static Tensor Activation<TActivation>(Tensor x, TActivation activation, Dropout dropout)
        where TActivation : unmanaged, IActivation
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(dropout);
        return dropout is { training: true, p: > 0 } && FusedOperation.CanRun(x)
            ? new ElementOperation<TActivation>(activation, KeepMask.Draw(dropout.p)).ApplySingle(x)
            : Compose(x.alias(), activation, dropout);
    }

    /// <summary>Dropout: each element is 0 with the module's probability p, and else multiplied with 1 / (1 − p).</summary>
    /// <param name="x">A tensor of any shape.</param>
    /// <param name="dropout">Drops elements while it is in train mode.</param>
    /// <returns>A new tensor of the input's shape; it shares the input's memory if nothing is dropped.</returns>
    public static Tensor Dropout(Tensor x, Dropout dropout) => Activation(x, default(Activations.Identity), dropout);

    /// <summary>The product of a gated network: <c>silu(gate) · up</c> (Shazeer 2020).</summary>
    /// <param name="gate">A tensor of any shape.</param>
    /// <param name="up">A tensor of that shape.</param>
    /// <returns>A new tensor of that shape.</returns>
    public static Tensor SwiGlu(Tensor gate, Tensor up)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(up);
        var operation = new GateOperation();
        return FusedOperation.CanRun(gate, up) && GateOperation.Fit(gate, up) ? operation.ApplySingle(gate, up) : operation.Compose([gate, up])[0];
    }

    /// <summary>Activation and dropout at a rate, 0 for none.</summary>
    internal static Tensor Activation<TActivation>(Tensor x, TActivation activation, double rate)
        where TActivation : unmanaged, IActivation
    {
        if (rate > 0 && FusedOperation.CanRun(x))
        {
            return new ElementOperation<TActivation>(activation, KeepMask.Draw(rate)).ApplySingle(x);
        }

        var activated = activation.Compose(x);
        if (rate == 0)
        {
            return activated;
        }

        using (activated)
        {
            return nn.functional.dropout(activated, rate, training: true);
        }
    }

    /// <summary>Applies an activation over the memory of a tensor that nobody else knows, and that needs no gradient.</summary>
    private static Tensor InPlace<TActivation>(Tensor x, TActivation activation)
        where TActivation : unmanaged, IActivation
    {
        if (typeof(TActivation) == typeof(Activations.Identity))
        {
            return x;
        }

        if (FusedOperation.CanRun(x))
        {
            new ElementOperation<TActivation>(activation, null).ForwardInPlace(x);
            return x;
        }

        using (x)
        {
            return activation.Compose(x);
        }
    }
}
