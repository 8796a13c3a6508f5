using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary>Applies a rule to a range of a parameter.</summary>
internal static unsafe class StepLoop
{
    /// <param name="slot">The parameter.</param>
    /// <param name="scale">What every gradient is multiplied with.</param>
    /// <param name="start">The first element.</param>
    /// <param name="count">How many.</param>
    internal static void Run<TVector>(in StepSlot slot, float scale, long start, long count)
        where TVector : unmanaged, ISimdVector<TVector>
    {
        switch (slot.Rule)
        {
            case StepRule.Adam:
                Run<AdamRule, TVector>(slot, scale, start, count);
                break;
            case StepRule.AmsGrad:
                Run<AmsGradRule, TVector>(slot, scale, start, count);
                break;
            case StepRule.Descent:
                Run<DescentRule, TVector>(slot, scale, start, count);
                break;
            case StepRule.Momentum:
                Run<MomentumRule, TVector>(slot, scale, start, count);
                break;
            case StepRule.Nesterov:
                Run<NesterovRule, TVector>(slot, scale, start, count);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(slot), slot.Rule, "There is no such rule.");
        }
    }

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and runs several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Run<TRule, TVector>(in StepSlot slot, float scale, long start, long count)
        where TRule : struct, IStepRule
        where TVector : struct, ISimdVector<TVector>
    {
        var numbers = slot.Numbers;
        var scales = TVector.Broadcast(scale);
        var weight = slot.Weight + start;
        var gradient = slot.Gradient + start;
        var first = slot.First + start;
        var second = slot.Second + start;
        var largest = slot.Largest + start;
        var vectors = count - (count % TVector.Count);
        for (var index = 0L; index < vectors; index += TVector.Count)
        {
            TRule.Step(numbers, scales, new StepPlace(weight + index, gradient + index, first + index, second + index, largest + index));
        }

        if (vectors < count)
        {
            Tail<TRule, TVector>(slot, scales, start + vectors, (int)(count - vectors));
        }
    }

    /// <summary>What does not fill a vector goes through one on the stack: the same instructions, and so the same rounding, as everywhere else.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tail<TRule, TVector>(in StepSlot slot, TVector scale, long start, int count)
        where TRule : struct, IStepRule
        where TVector : struct, ISimdVector<TVector>
    {
        const int Widest = 16;
        var buffer = stackalloc float[5 * Widest];
        var place = new StepPlace(buffer, buffer + Widest, buffer + (2 * Widest), buffer + (3 * Widest), buffer + (4 * Widest));
        Copy(slot.Weight, start, place.Weight, 0, count);
        Copy(slot.Gradient, start, place.Gradient, 0, count);
        Copy(slot.First, start, place.First, 0, count);
        Copy(slot.Second, start, place.Second, 0, count);
        Copy(slot.Largest, start, place.Largest, 0, count);

        TRule.Step(slot.Numbers, scale, place);

        Copy(place.Weight, 0, slot.Weight, start, count);
        Copy(place.First, 0, slot.First, start, count);
        Copy(place.Second, 0, slot.Second, start, count);
        Copy(place.Largest, 0, slot.Largest, start, count);
    }

    private static void Copy(float* from, long fromStart, float* to, long toStart, int count)
    {
        if (from is null || to is null)
        {
            return;
        }

        for (var index = 0; index < count; index++)
        {
            to[toStart + index] = from[fromStart + index];
        }
    }
}
