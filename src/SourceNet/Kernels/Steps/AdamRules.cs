using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary><c>m ← β₁ m + (1 − β₁) g</c>, <c>v ← β₂ v + (1 − β₂) g²</c>, <c>w ← (1 − lr · decay) w − lr m̂ / (√v̂ + ε)</c>, then L1 and floor.</summary>
internal readonly unsafe struct AdamRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var gradient = TVector.Load(at.Gradient) * scale;
        var second = Moments.Second(numbers, gradient, at);
        Moments.Follow(numbers, gradient, second, at);
    }
}

/// <summary>As <see cref="AdamRule"/>, with the largest v so far in place of v (Reddi et al. 2018).</summary>
internal readonly unsafe struct AmsGradRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TVector>(in StepNumbers numbers, TVector scale, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var gradient = TVector.Load(at.Gradient) * scale;
        var second = Moments.Second(numbers, gradient, at);
        // Of the two v is the one that stays not-a-number from the first such gradient on.
        var largest = TVector.Max(second, TVector.Load(at.Largest));
        largest.Store(at.Largest);
        Moments.Follow(numbers, gradient, largest, at);
    }
}

file static unsafe class Moments
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Second<TVector>(in StepNumbers numbers, TVector gradient, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var second = TVector.MultiplyAdd(TVector.Broadcast(numbers.SecondTaken) * gradient, gradient, TVector.Broadcast(numbers.SecondKept) * TVector.Load(at.Second));
        second.Store(at.Second);
        return second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Follow<TVector>(in StepNumbers numbers, TVector gradient, TVector second, StepPlace at)
        where TVector : struct, ISimdVector<TVector>
    {
        var first = TVector.MultiplyAdd(TVector.Broadcast(numbers.FirstTaken), gradient, TVector.Broadcast(numbers.FirstKept) * TVector.Load(at.First));
        first.Store(at.First);
        var denominator = TVector.MultiplyAdd(TVector.Sqrt(second), TVector.Broadcast(numbers.InverseRootCorrection), TVector.Broadcast(numbers.Epsilon));
        var weight = TVector.Load(at.Weight) * TVector.Broadcast(numbers.WeightKept);
        weight = TVector.MultiplyAdd(first / denominator, TVector.Broadcast(numbers.Rate), weight);
        Proximal.Store(numbers, weight, at);
    }
}
