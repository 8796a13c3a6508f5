using System.Runtime.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// What an element of a channel goes through, <c>f(scale · (x − mean) + shift)</c>, and how gradients come back: the same where the lanes are neighbors in one
/// channel, with the channel's numbers in every
/// lane, and where each lane is another channel.
/// </summary>
internal readonly struct BatchNormElement<TActivation, TVector>(TActivation activation, TVector mean, TVector scale, TVector shift)
    where TActivation : unmanaged, IActivation
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly TActivation activation = activation;
    private readonly TVector mean = mean;
    private readonly TVector scale = scale;
    private readonly TVector shift = shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Centered(TVector x) => x - mean;

    /// <summary>The output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Value(TVector centered) => activation.Value(TVector.MultiplyAdd(centered, scale, shift));

    /// <summary>The gradient of what the activation is applied to.</summary>
    /// <param name="gradient">That of the activation's result.</param>
    /// <param name="centered">x − mean</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Inner(TVector gradient, TVector centered) =>
        typeof(TActivation) == typeof(Identity) ? gradient : ActivationGradient.Of(activation, gradient, TVector.MultiplyAdd(centered, scale, shift));

    /// <summary>The gradient of x.</summary>
    /// <param name="inner">The gradient of what the activation is applied to.</param>
    /// <param name="centered">x − mean</param>
    /// <param name="slope"><see cref="BatchNormArguments.GradSlope"/></param>
    /// <param name="offset"><see cref="BatchNormArguments.GradOffset"/></param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Outer(TVector inner, TVector centered, TVector slope, TVector offset) =>
        TVector.MultiplyAdd(inner, scale, TVector.MultiplyAdd(centered, slope, offset));
}
