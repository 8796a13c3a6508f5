using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Rows;

/// <summary>How many lanes of a vector lie in a row: all of them, or at its end a part. A kernel's body is written once over both.</summary>
internal unsafe interface IReach
{
    static abstract TLanes Load<TLanes>(float* source, int count)
        where TLanes : struct, ILanes<TLanes>;

    static abstract void Store<TLanes>(TLanes lanes, float* target, int count)
        where TLanes : struct, ILanes<TLanes>;
}

internal readonly unsafe struct Whole : IReach
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(float* source, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(TLanes lanes, float* target, int count)
        where TLanes : struct, ILanes<TLanes> => lanes.Store(target);
}

internal readonly unsafe struct Part : IReach
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(float* source, int count)
        where TLanes : struct, ILanes<TLanes> => TLanes.LoadPart(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TLanes>(TLanes lanes, float* target, int count)
        where TLanes : struct, ILanes<TLanes> => lanes.StorePart(target, count);
}
