using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary><c>m ← β₁ m + (1 − β₁) g</c>, <c>v ← β₂ v + (1 − β₂) g²</c>, <c>w ← (1 − lr · decay) w − lr m̂ / (√v̂ + ε)</c>, then L1 and floor.</summary>
internal readonly unsafe struct AdamRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TLanes>(in StepNumbers numbers, TLanes scale, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var gradient = TLanes.Load(at.Gradient) * scale;
        var second = Moments.Second(numbers, gradient, at);
        Moments.Follow(numbers, gradient, second, at);
    }
}

/// <summary>As <see cref="AdamRule"/>, with the largest v so far in place of v (Reddi et al. 2018).</summary>
internal readonly unsafe struct AmsGradRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TLanes>(in StepNumbers numbers, TLanes scale, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var gradient = TLanes.Load(at.Gradient) * scale;
        var second = Moments.Second(numbers, gradient, at);
        // Of the two v is the one that stays not-a-number from the first such gradient on.
        var largest = TLanes.AtLeast(second, TLanes.Load(at.Largest));
        largest.Store(at.Largest);
        Moments.Follow(numbers, gradient, largest, at);
    }
}

file static unsafe class Moments
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Second<TLanes>(in StepNumbers numbers, TLanes gradient, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var second = TLanes.MultiplyAdd(TLanes.All(numbers.SecondTaken) * gradient, gradient, TLanes.All(numbers.SecondKept) * TLanes.Load(at.Second));
        second.Store(at.Second);
        return second;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Follow<TLanes>(in StepNumbers numbers, TLanes gradient, TLanes second, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var first = TLanes.MultiplyAdd(TLanes.All(numbers.FirstTaken), gradient, TLanes.All(numbers.FirstKept) * TLanes.Load(at.First));
        first.Store(at.First);
        var denominator = TLanes.MultiplyAdd(TLanes.Sqrt(second), TLanes.All(numbers.InverseRootCorrection), TLanes.All(numbers.Epsilon));
        var weight = TLanes.Load(at.Weight) * TLanes.All(numbers.WeightKept);
        weight = TLanes.MultiplyAdd(first / denominator, TLanes.All(numbers.Rate), weight);
        Proximal.Store(numbers, weight, at);
    }
}
