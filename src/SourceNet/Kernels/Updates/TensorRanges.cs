using SourceNet.Kernels.Threads;

namespace SourceNet.Kernels.Updates;

/// <summary>The parameters of a list as its chunks see them. Valid while the list does not change.</summary>
internal readonly unsafe struct TensorRanges(TensorEntry* entries, long* starts, int count)
{
    /// <summary>The parts of parameters that a chunk consists of.</summary>
    internal Enumerator Of(int chunk)
    {
        var first = new ReadOnlySpan<long>(starts, count).BinarySearch((long)chunk * Grain.Light);
        // Where no parameter begins exactly there, the one before the next reaches into the chunk, or its padding does.
        return new(entries, starts, count, first >= 0 ? first : ~first - 1, (long)chunk * Grain.Light);
    }

    /// <summary>A range of one parameter.</summary>
    internal readonly struct Range(TensorEntry* entry, int index, long start, long count)
    {
        internal readonly TensorEntry* Entry = entry;

        /// <summary>The parameter's place in the list.</summary>
        internal readonly int Index = index;

        internal readonly long Start = start;
        internal readonly long Count = count;
    }

    internal struct Enumerator(TensorEntry* entries, long* starts, int count, int next, long chunkStart)
    {
        public Range Current { get; private set; }

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            var chunkEnd = chunkStart + Grain.Light;
            for (; next < count && starts[next] < chunkEnd; next++)
            {
                var entry = entries + next;
                var start = Math.Max(0, chunkStart - starts[next]);
                var end = Math.Min(entry->Count, chunkEnd - starts[next]);
                if (start < end)
                {
                    Current = new(entry, next, start, end - start);
                    next++;
                    return true;
                }
            }

            return false;
        }
    }
}
