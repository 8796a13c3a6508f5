namespace SourceNet.Kernels.Steps;

/// <summary>The parameters of a table as its chunks see them. Valid while the table does not change.</summary>
internal readonly unsafe struct StepPieces(StepSlot* slots, long* starts, int count)
{
    /// <summary>The parts of parameters that a chunk consists of.</summary>
    internal Enumerator Of(int chunk)
    {
        var first = new ReadOnlySpan<long>(starts, count).BinarySearch((long)chunk * StepTable.Grain);
        // Where no parameter begins exactly there, the one before the next reaches into the chunk, or its padding does.
        return new(slots, starts, count, first >= 0 ? first : ~first - 1, (long)chunk * StepTable.Grain);
    }

    /// <summary>A range of one parameter.</summary>
    internal readonly struct Piece(StepSlot* slot, long start, long count)
    {
        internal readonly StepSlot* Slot = slot;
        internal readonly long Start = start;
        internal readonly long Count = count;
    }

    internal struct Enumerator(StepSlot* slots, long* starts, int count, int next, long chunkStart)
    {
        public Piece Current { get; private set; }

        public readonly Enumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            var chunkEnd = chunkStart + StepTable.Grain;
            for (; next < count && starts[next] < chunkEnd; next++)
            {
                var slot = slots + next;
                var start = Math.Max(0, chunkStart - starts[next]);
                var end = Math.Min(slot->Count, chunkEnd - starts[next]);
                if (start < end)
                {
                    Current = new(slot, start, end - start);
                    next++;
                    return true;
                }
            }

            return false;
        }
    }
}
