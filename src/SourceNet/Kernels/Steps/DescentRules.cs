using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary><c>w ← (1 − lr · decay) w − lr g</c>, then L1 and floor.</summary>
internal readonly unsafe struct DescentRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TLanes>(in StepNumbers numbers, TLanes scale, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var gradient = TLanes.Load(at.Gradient) * scale;
        var weight = TLanes.Load(at.Weight) * TLanes.All(numbers.WeightKept);
        Proximal.Store(numbers, TLanes.MultiplyAdd(gradient, TLanes.All(numbers.Rate), weight), at);
    }
}

/// <summary><c>u ← μ u + (1 − dampening) g</c>, <c>w ← (1 − lr · decay) w − lr u</c>, then L1 and floor.</summary>
internal readonly unsafe struct MomentumRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TLanes>(in StepNumbers numbers, TLanes scale, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var gradient = TLanes.Load(at.Gradient) * scale;
        var velocity = Velocity.After(numbers, gradient, at);
        var weight = TLanes.Load(at.Weight) * TLanes.All(numbers.WeightKept);
        Proximal.Store(numbers, TLanes.MultiplyAdd(velocity, TLanes.All(numbers.Rate), weight), at);
    }
}

/// <summary>As <see cref="MomentumRule"/>, but <c>w ← (1 − lr · decay) w − lr (g + μ u)</c>.</summary>
internal readonly unsafe struct NesterovRule : IStepRule
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Step<TLanes>(in StepNumbers numbers, TLanes scale, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var gradient = TLanes.Load(at.Gradient) * scale;
        var velocity = Velocity.After(numbers, gradient, at);
        var weight = TLanes.Load(at.Weight) * TLanes.All(numbers.WeightKept);
        weight = TLanes.MultiplyAdd(gradient, TLanes.All(numbers.Rate), weight);
        Proximal.Store(numbers, TLanes.MultiplyAdd(velocity, TLanes.All(numbers.RateAhead), weight), at);
    }
}

file static unsafe class Velocity
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes After<TLanes>(in StepNumbers numbers, TLanes gradient, StepPlace at)
        where TLanes : struct, ILanes<TLanes>
    {
        var velocity = TLanes.MultiplyAdd(TLanes.All(numbers.FirstTaken), gradient, TLanes.All(numbers.FirstKept) * TLanes.Load(at.First));
        velocity.Store(at.First);
        return velocity;
    }
}
