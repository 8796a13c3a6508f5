using SourceNet.Training;
using static TorchSharp.torch;

namespace TinyGpt;

/// <summary>Windows of a text at random places: the tokens <c>[N, T]</c> and those that follow them, <c>[N, T]</c>.</summary>
internal sealed class TextWindows(long[] tokens, int context, int size, int batches, long seed) : IBatchSource
{
    public int Count => batches;

    /// <summary>Targets are tokens, not classes that could be mixed.</summary>
    public int Classes => 0;

    public IEnumerable<TrainingBatch> Epoch(int epoch)
    {
        for (var number = 0; number < batches; number++)
        {
            var key = new RandomKey(seed, epoch, number);
            var random = new Random(unchecked((int)((((seed * 1_000_003) + epoch) * 1_000_003) + number)));
            var (inputs, targets) = (new long[size * context], new long[size * context]);
            for (var row = 0; row < size; row++)
            {
                var start = random.Next(tokens.Length - context);
                Array.Copy(tokens, start, inputs, row * context, context);
                Array.Copy(tokens, start + 1, targets, row * context, context);
            }

            using var read = tensor(inputs, size, context).DetachFromDisposeScope();
            using var next = tensor(targets, size, context).DetachFromDisposeScope();
            yield return new(read, next, key);
        }
    }
}
