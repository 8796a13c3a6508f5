using System.Runtime.CompilerServices;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;

namespace SourceNet.Kernels.Updates;

/// <summary>
/// The parameters of a step, laid end to end and cut into chunks of one size: a chunk may hold many small parameters or a part of a large one. The cuts depend
/// on nothing but the sizes,
/// so that sums over chunks are the same for any number of threads.
/// </summary>
/// <remarks>Not for two threads at once. Its arrays are pinned, for the threads that read them, and kept from step to step.</remarks>
internal sealed unsafe class MultiTensorList
{
    /// <summary>A parameter begins at a multiple of the widest vector, so that no cut inside of it leaves a part of one.</summary>
    private const int Alignment = 16;

    private TensorEntry[] entries = Pinned<TensorEntry>(16);
    private long[] starts = Pinned<long>(16);
    private double[] sums = Pinned<double>(16);
    private SquaredLengths[] lengths = Pinned<SquaredLengths>(16);
    private long end;

    internal int Count { get; private set; }

    internal int Chunks => Grain.Chunks(end, Grain.Light);

    /// <summary>The parameter that was added at an index, until the next one is added.</summary>
    internal ref TensorEntry this[int index] => ref entries[index];

    internal void Add(in TensorEntry entry)
    {
        if (Count == entries.Length)
        {
            entries = Grown(entries, 2 * Count);
            starts = Grown(starts, 2 * Count);
        }

        entries[Count] = entry;
        starts[Count] = end;
        Count++;
        end += (entry.Count + Alignment - 1) / Alignment * Alignment;
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
            SimdWidth.Run(new StepWork(Ranges, scale), Chunks);
            GC.KeepAlive(this);
        }
    }

    /// <summary>
    /// LAMB's first pass: the moments of every parameter take in its gradient times a number, and its weights and their directions are measured.
    /// </summary>
    internal void Measure(float scale)
    {
        if (Count == 0)
        {
            return;
        }

        if (lengths.Length < Chunks + Count)
        {
            lengths = Pinned<SquaredLengths>(Chunks + Count);
        }

        SimdWidth.Run(new MeasureWork(Ranges, scale, (SquaredLengths*)Unsafe.AsPointer(ref lengths[0])), Chunks);
        GC.KeepAlive(this);
    }

    /// <summary>What <see cref="Measure"/> found for the parameter at an index, summed in the order of its chunks.</summary>
    internal SquaredLengths Measured(int index)
    {
        var total = default(SquaredLengths);
        var last = (starts[index] + entries[index].Count - 1) / Grain.Light;
        for (var chunk = starts[index] / Grain.Light; chunk <= last; chunk++)
        {
            total += lengths[chunk + index];
        }

        return total;
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

        SimdWidth.Run(new SquaresWork(Ranges, (double*)Unsafe.AsPointer(ref sums[0])), Chunks);
        GC.KeepAlive(this);
        var total = 0.0;
        foreach (var sum in sums.AsSpan(0, Chunks))
        {
            total += sum;
        }

        return total;
    }

    private TensorRanges Ranges => new((TensorEntry*)Unsafe.AsPointer(ref entries[0]), (long*)Unsafe.AsPointer(ref starts[0]), Count);

    private static T[] Pinned<T>(int length) => GC.AllocateArray<T>(length, pinned: true);

    private static T[] Grown<T>(T[] array, int length)
    {
        var grown = Pinned<T>(length);
        array.CopyTo(grown, 0);
        return grown;
    }

    private readonly struct StepWork(TensorRanges ranges, float scale) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            foreach (var range in ranges.Of(chunk))
            {
                UpdateLoop.Run<TVector>(in *range.Entry, scale, range.Start, range.Count);
            }
        }
    }

    /// <summary>From one range to the next the chunk, the parameter or both are later: their sum is a place of its own for each range.</summary>
    private readonly struct MeasureWork(TensorRanges ranges, float scale, SquaredLengths* lengths) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            foreach (var range in ranges.Of(chunk))
            {
                lengths[chunk + range.Index] = LambLoop.Run<TVector>(in *range.Entry, scale, range.Start, range.Count);
            }
        }
    }

    private readonly struct SquaresWork(TensorRanges ranges, double* sums) : ISimdWork
    {
        public void Run<TVector>(int chunk)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            var sum = 0.0;
            foreach (var range in ranges.Of(chunk))
            {
                sum += TVector.SquaredSum(range.Entry->Pointers.Gradient + range.Start, range.Count);
            }

            sums[chunk] = sum;
        }
    }
}
