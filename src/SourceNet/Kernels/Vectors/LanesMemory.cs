using System.Runtime.CompilerServices;

namespace SourceNet.Kernels.Vectors;

/// <summary>Loads and stores of as many lanes as there are, or fewer at an end.</summary>
internal static unsafe class LanesMemory
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TLanes Load<TLanes>(float* source, int lanes)
        where TLanes : struct, ILanes<TLanes> =>
        lanes == TLanes.Count ? TLanes.Load(source) : TLanes.LoadFirst(source, lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreLanes<TLanes>(this TLanes value, float* target, int lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        if (lanes == TLanes.Count)
        {
            value.Store(target);
        }
        else
        {
            value.StoreFirst(target, lanes);
        }
    }
}
