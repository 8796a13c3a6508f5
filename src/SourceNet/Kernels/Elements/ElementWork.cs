using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Elements;

/// <summary>A rule, then dropout, over chunks of elements. The output may be one of the inputs.</summary>
internal readonly unsafe struct ElementWork<TRule, TMasking>(ElementPlace place, TRule rule) : IChunkWork
    where TRule : unmanaged, IElementRule
    where TMasking : unmanaged, IMasking
{
    private readonly ElementPlace place = place;
    private readonly TRule rule = rule;

    public void Run(int chunk)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Run<Lanes512>(chunk);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Run<Lanes256>(chunk);
        }
        else
        {
            Run<Lanes128>(chunk);
        }
    }

    /// <summary>Not inlined: in its caller the loop would share registers with everything else there, and run several times slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Run<TLanes>(int chunk)
        where TLanes : struct, ILanes<TLanes>
    {
        // Copies: what is read through the struct would be read again after each store.
        var place = this.place;
        var rule = this.rule;
        var i = (long)chunk * ElementPlace.Grain;
        var end = Math.Min(place.Count, i + ElementPlace.Grain);
        var input = place.Input;
        var second = place.Second;
        var output = place.Output;
        for (; i <= end - TLanes.Count; i += TLanes.Count)
        {
            Result(rule, place.Mask, TLanes.Load(input + i), second is null ? default : TLanes.Load(second + i), (uint)i).Store(output + i);
        }

        if (i < end)
        {
            var rest = (int)(end - i);
            Result(rule, place.Mask, TLanes.LoadFirst(input + i, rest), second is null ? default : TLanes.LoadFirst(second + i, rest), (uint)i).StoreFirst(output + i, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Result<TLanes>(TRule rule, in KeepMask mask, TLanes x, TLanes second, uint index)
        where TLanes : struct, ILanes<TLanes>
    {
        var value = rule.Of(x, second);
        return TMasking.Drops ? value * (TLanes.All(mask.Scale) & TLanes.Keep(mask, index)) : value;
    }
}
