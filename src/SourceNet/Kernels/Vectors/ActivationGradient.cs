using System.Runtime.CompilerServices;
using SourceNet.Activations;

namespace SourceNet.Kernels.Vectors;

/// <summary>The gradient that goes back through an activation.</summary>
internal static class ActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Of<TActivation, TLanes>(TActivation activation, TLanes gradient, TLanes x)
        where TActivation : unmanaged, IActivation
        where TLanes : struct, ILanes<TLanes>
    {
        var derivative = activation.Derivative(x);
        var product = gradient * derivative;
        return TActivation.Cuts ? TLanes.Select((derivative <= TLanes.All(0)) & (derivative >= TLanes.All(0)), TLanes.All(0), product) : product;
    }
}
