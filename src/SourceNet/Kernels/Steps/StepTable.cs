using System.Runtime.CompilerServices;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Steps;

/// <summary>
/// The parameters of a step, laid end to end and cut into chunks of one size: a chunk may hold many small parameters or a part of a large one. The cuts depend on nothing but the sizes,
/// so that sums over chunks are the same for any number of threads.
/// </summary>
/// <remarks>Not for two threads at once. Its arrays are pinned, for the threads that read them, and kept from step to step.</remarks>
internal sealed unsafe class StepTable
{
    /// <summary>Elements in a chunk: a step of Adam moves 900 KB of memory for them, 20 µs and more, against which taking a chunk counts for nothing. A multiple of every vector's width.</summary>
    internal const int Grain = 1 << 15;

    /// <summary>A parameter begins at a multiple of the widest vector, so that no cut inside of it leaves a part of one.</summary>
    private const int Alignment = 16;

    private StepSlot[] slots = Pinned<StepSlot>(16);
    private long[] starts = Pinned<long>(16);
    private double[] sums = Pinned<double>(16);
    private long end;

    internal int Count { get; private set; }

    internal int Chunks => (int)((end + Grain - 1) / Grain);

    /// <summary>The parameter that was added at an index, until the next one is added.</summary>
    internal ref StepSlot this[int index] => ref slots[index];

    internal void Add(in StepSlot slot)
    {
        if (Count == slots.Length)
        {
            slots = Grown(slots, 2 * Count);
            starts = Grown(starts, 2 * Count);
        }

        slots[Count] = slot;
        starts[Count] = end;
        Count++;
        end += (slot.Count + Alignment - 1) / Alignment * Alignment;
    }

    internal void Clear()
    {
        Count = 0;
        end = 0;
    }

    /// <summary>Moves every parameter, its gradient times a number.</summary>
    internal void Step(float scale)
    {
        if (Count > 0)
        {
            SimdWidth.Run(new StepWork(Pieces, scale), Chunks);
            GC.KeepAlive(this);
        }
    }

    /// <summary>The sum of all squared elements of the gradients, in double precision.</summary>
    internal double SquaredGradients()
    {
        if (Count == 0)
        {
            return 0;
        }

        if (sums.Length < Chunks)
        {
            sums = Pinned<double>(Chunks);
        }

        SimdWidth.Run(new SquaresWork(Pieces, (double*)Unsafe.AsPointer(ref sums[0])), Chunks);
        GC.KeepAlive(this);
        var total = 0.0;
        foreach (var sum in sums.AsSpan(0, Chunks))
        {
            total += sum;
        }

        return total;
    }

    private StepPieces Pieces => new((StepSlot*)Unsafe.AsPointer(ref slots[0]), (long*)Unsafe.AsPointer(ref starts[0]), Count);

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private static T[] Grown<T>(T[] array, int length)
    {
        var grown = Pinned<T>(length);
        array.CopyTo(grown, 0);
        return grown;
    }

    private readonly struct StepWork(StepPieces pieces, float scale) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            foreach (var piece in pieces.Of(chunk))
            {
                StepLoop.Run<TVector>(in *piece.Slot, scale, piece.Start, piece.Count);
            }
        }
    }

    private readonly struct SquaresWork(StepPieces pieces, double* sums) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var sum = 0.0;
            foreach (var piece in pieces.Of(chunk))
            {
                sum += TVector.SquaredSum(piece.Slot->Gradient + piece.Start, piece.Count);
            }

            sums[chunk] = sum;
        }
    }
}
