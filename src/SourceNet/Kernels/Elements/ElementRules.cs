using System.Runtime.CompilerServices;
using SourceNet.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Elements;

/// <summary><c>f(x)</c></summary>
internal readonly struct ValueRule<TActivation>(TActivation activation) : IElementRule
    where TActivation : unmanaged, IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Of<TLanes>(TLanes x, TLanes second)
        where TLanes : struct, ILanes<TLanes> => activation.Value(x);
}

/// <summary><c>f'(x) · gradient</c></summary>
internal readonly struct DerivativeRule<TActivation>(TActivation activation) : IElementRule
    where TActivation : unmanaged, IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TLanes Of<TLanes>(TLanes x, TLanes second)
        where TLanes : struct, ILanes<TLanes> => activation.Derivative(x) * second;
}
