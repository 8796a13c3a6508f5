using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary><c>w ← (1 − lr · decay) w − lr g</c>, then L1 and floor.</summary>
internal readonly unsafe struct DescentRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var gradient = TVector.Load(at.Gradient) * scale;
        var weight = TVector.Load(at.Weight) * TVector.Broadcast(numbers.WeightKept);
        Proximal.Store(numbers, TVector.MultiplyAdd(gradient, TVector.Broadcast(numbers.Rate), weight), at);
    }
}

/// <summary><c>u ← μ u + (1 − dampening) g</c>, <c>w ← (1 − lr · decay) w − lr u</c>, then L1 and floor.</summary>
internal readonly unsafe struct MomentumRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var gradient = TVector.Load(at.Gradient) * scale;
        var velocity = Velocity.After(numbers, gradient, at);
        var weight = TVector.Load(at.Weight) * TVector.Broadcast(numbers.WeightKept);
        Proximal.Store(numbers, TVector.MultiplyAdd(velocity, TVector.Broadcast(numbers.Rate), weight), at);
    }
}

/// <summary>As <see cref="MomentumRule"/>, but <c>w ← (1 − lr · decay) w − lr (g + μ u)</c>.</summary>
internal readonly unsafe struct NesterovRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var gradient = TVector.Load(at.Gradient) * scale;
        var velocity = Velocity.After(numbers, gradient, at);
        var weight = TVector.Load(at.Weight) * TVector.Broadcast(numbers.WeightKept);
        weight = TVector.MultiplyAdd(gradient, TVector.Broadcast(numbers.Rate), weight);
        Proximal.Store(numbers, TVector.MultiplyAdd(velocity, TVector.Broadcast(numbers.RateAhead), weight), at);
    }
}

file static unsafe class Velocity
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector After<TVector>(in StepNumbers numbers, TVector gradient, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var velocity = TVector.MultiplyAdd(TVector.Broadcast(numbers.FirstTaken), gradient, TVector.Broadcast(numbers.FirstKept) * TVector.Load(at.First));
        velocity.Store(at.First);
        return velocity;
    }
}
