using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;

namespace SourceNet.Kernels.Vectors;

/// <summary>The gradient that goes back through an activation.</summary>
internal static class ActivationGradient
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Of<TActivation, TVector>(TActivation activation, TVector gradient, TVector x)
        where TActivation : unmanaged, IActivation
        where TVector : struct, ISimdVector<TVector>
    {
        var derivative = activation.Derivative(x);
        var product = gradient * derivative;
        return TActivation.Cuts ? TVector.ConditionalSelect((derivative <= TVector.Broadcast(0)) & (derivative >= TVector.Broadcast(0)), TVector.Broadcast(0),
            product) : product;
    }
}
