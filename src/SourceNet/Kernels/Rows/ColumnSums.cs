using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SourceNet.Kernels.Rows;

/// <summary>
/// Sums over many rows, kept in two levels: those of the last few rows in float32, and those of all rows before them in float64. The error is that of a few
/// rows, however many there are.
/// </summary>
internal unsafe ref struct ColumnSums
{
    /// <summary>Rows that are summed before they are added to the others.</summary>
    private const int RowsInLevel = 32;

    private readonly double* all;
    private readonly int columns;
    private int rows;

    /// <param name="memory">As long as <see cref="Length"/> says; whatever it holds.</param>
    /// <param name="columns">How many sums.</param>
    internal ColumnSums(double* memory, int columns)
    {
        all = memory;
        Recent = (float*)(memory + columns);
        this.columns = columns;
        new Span<double>(all, columns).Clear();
        new Span<float>(Recent, columns).Clear();
    }

    /// <summary>Where the columns of a row are added.</summary>
    internal float* Recent { get; }

    /// <summary>How many float64 a number of columns needs.</summary>
    internal static int Length(int columns) => checked(columns + ((columns + 1) / 2));

    internal void EndRow()
    {
        if (++rows == RowsInLevel)
        {
            End();
        }
    }

    /// <summary>Adds the recent rows to the others: the sums are then at the memory's beginning.</summary>
    internal void End()
    {
        rows = 0;
        Flush(Recent, all, columns);
    }

    /// <summary>Adds up the sums of all chunks.</summary>
    /// <param name="memory">The columns of the first chunk.</param>
    /// <param name="stride">From one chunk's to the next one's.</param>
    /// <param name="chunks">How many.</param>
    /// <param name="totals">Where to.</param>
    /// <param name="columns">How many sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Total(double* memory, int stride, int chunks, float* totals, int columns)
    {
        var index = 0;
        for (; index <= columns - 8; index += 8)
        {
            var (lower, upper) = (Vector256<double>.Zero, Vector256<double>.Zero);
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                var sums = memory + ((long)chunk * stride) + index;
                lower += Vector256.Load(sums);
                upper += Vector256.Load(sums + 4);
            }

            Vector256.Narrow(lower, upper).Store(totals + index);
        }

        for (; index < columns; index++)
        {
            var sum = 0.0;
            for (var chunk = 0; chunk < chunks; chunk++)
            {
                sum += memory[((long)chunk * stride) + index];
            }

            totals[index] = (float)sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Flush(float* recent, double* all, int columns)
    {
        var index = 0;
        for (; index <= columns - 8; index += 8)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Load(recent + index));
            (Vector256.Load(all + index) + lower).Store(all + index);
            (Vector256.Load(all + index + 4) + upper).Store(all + index + 4);
            Vector256<float>.Zero.Store(recent + index);
        }

        for (; index < columns; index++)
        {
            all[index] += recent[index];
            recent[index] = 0;
        }
    }
}
