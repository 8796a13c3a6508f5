using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// The last elements of a stretch, which do not fill a vector. Where the stretch is longer than a vector they are taken together with some before them, which were seen already: that is one plain load.
/// </summary>
internal readonly unsafe struct LaneTail<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    private LaneTail(TLanes mask) => New = mask;

    /// <summary>All bits in the lanes that were not seen before and lie inside.</summary>
    internal TLanes New { get; }

    /// <param name="count">The length of the stretch.</param>
    internal static LaneTail<TLanes> Of(long count)
    {
        var rest = (int)(count % TLanes.Count);
        return new(count < TLanes.Count
            ? TLanes.LessBits(TLanes.CountingBits, TLanes.AllBits((uint)rest))
            : TLanes.LessBits(TLanes.AllBits((uint)(TLanes.Count - rest - 1)), TLanes.CountingBits));
    }

    /// <summary>Where the vector starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Start(long count) => Math.Max(0, count - TLanes.Count);

    /// <summary>The vector at the end of a stretch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TLanes Load(float* stretch, long count) => count < TLanes.Count ? TLanes.LoadPart(stretch, (int)count) : TLanes.Load(stretch + (count - TLanes.Count));

    /// <summary>Stores the vector at the end of a stretch. What was seen before is stored again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(TLanes value, float* stretch, long count)
    {
        if (count < TLanes.Count)
        {
            value.StorePart(stretch, (int)count);
        }
        else
        {
            value.Store(stretch + (count - TLanes.Count));
        }
    }
}
