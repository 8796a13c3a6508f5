using System.ComponentModel;
using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.CompilerServices.Activations;

/// <summary><c>x · clamp(x/6 + 1/2, 0, 1)</c> (Howard et al. 2019, <see href="https://arxiv.org/abs/1905.02244"/>).</summary>
/// <remarks>Generated code passes it to a kernel. The derivative at −3 is 0, at 3 it is 1.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct Hardswish : IActivation
{
    /// <inheritdoc/>
    public Tensor Compose(Tensor x) => nn.functional.hardswish(x);

    static bool IActivation.Cuts => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Value<TVector>(TVector x) =>
        x * (TVector.Min(TVector.Max(x + TVector.Broadcast(3), TVector.Broadcast(0)), TVector.Broadcast(6)) * TVector.Broadcast(1f / 6));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TVector IActivation.Derivative<TVector>(TVector x)
    {
        var middle = TVector.MultiplyAdd(x, TVector.Broadcast(1f / 3), TVector.Broadcast(0.5f));
        return TVector.ConditionalSelect(x <= TVector.Broadcast(-3), TVector.Broadcast(0),
            TVector.ConditionalSelect(x < TVector.Broadcast(3), middle, TVector.Broadcast(1)));
    }
}
