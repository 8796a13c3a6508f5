using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// The last elements of a stretch, which do not fill a vector. Where the stretch is longer than a vector they are taken together with some before them, which were seen already: that is one plain load.
/// </summary>
internal readonly unsafe struct LaneTail<TVector>
    where TVector : struct, ISimdVector<TVector>
{
    private LaneTail(TVector mask) => New = mask;

    /// <summary>All bits in the lanes that were not seen before and lie inside.</summary>
    internal TVector New { get; }

    /// <param name="count">The length of the stretch.</param>
    internal static LaneTail<TVector> Of(long count)
    {
        var rest = (int)(count % TVector.Count);
        return new(count < TVector.Count
            ? TVector.LessThanBits(TVector.Indices, TVector.BroadcastBits((uint)rest))
            : TVector.LessThanBits(TVector.BroadcastBits((uint)(TVector.Count - rest - 1)), TVector.Indices));
    }

    /// <summary>Where the vector starts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static long Start(long count) => Math.Max(0, count - TVector.Count);

    /// <summary>The vector at the end of a stretch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TVector Load(float* stretch, long count) => count < TVector.Count ? TVector.LoadPartial(stretch, (int)count) : TVector.Load(stretch + (count - TVector.Count));

    /// <summary>Stores the vector at the end of a stretch. What was seen before is stored again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(TVector value, float* stretch, long count)
    {
        if (count < TVector.Count)
        {
            value.StorePartial(stretch, (int)count);
        }
        else
        {
            value.Store(stretch + (count - TVector.Count));
        }
    }
}
