using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Windows of a text for a language model, in batches: tokens <c>[N, T]</c> and, for each of them, the one that follows, <c>[N, T]</c>, both Int64.
/// </summary>
/// <remarks>
/// Window i begins at token i · stride and takes T + 1 tokens, the last of which is only a target. With a stride of T every token but the first is a target
/// once;
/// with a stride of 1 there is a window at every place. Tokens at the end that no window reaches are left out.
/// </remarks>
public sealed class TextWindows : IBatchSource
{
    private readonly ReadOnlyMemory<int> tokens;
    private readonly int length;
    private readonly int stride;
    private readonly int size;
    private readonly long seed;
    private readonly bool shuffle;
    private readonly int used;

    /// <param name="tokens">The text, numbers of tokens. Not copied: it must not change.</param>
    /// <param name="length">T, the number of tokens in a window.</param>
    /// <param name="size">N, the number of windows in a batch; the last one may have fewer.</param>
    /// <param name="stride">How far one window begins behind the one before; T if nothing is said.</param>
    /// <param name="seed">What the order depends on.</param>
    /// <param name="shuffle">Whether each epoch has an order of its own; otherwise it is that of the text.</param>
    /// <param name="dropLast">Whether a last batch of fewer windows is left out.</param>
    /// <param name="batches">The number of batches in an epoch, where it shall not have all windows: the first ones, or with <paramref name="shuffle"/>
    /// others in each epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below 1, no full batch to keep, or more batches than there are.</exception>
    /// <exception cref="ArgumentException">The text is shorter than a window, or has a negative token.</exception>
    public TextWindows(
        ReadOnlyMemory<int> tokens, int length, int size, int? stride = null, long seed = 0, bool shuffle = false, bool dropLast = false, int? batches = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride ?? length, nameof(stride));
        if (tokens.Length <= length)
        {
            throw new ArgumentException($"Expected a text of at least {length + 1L} tokens, a window of {length} and what follows, found {tokens.Length}.",
                nameof(tokens));
        }

        if (tokens.Span.IndexOfAnyExceptInRange(0, int.MaxValue) is var wrong and >= 0)
        {
            throw new ArgumentException($"Expected tokens of at least 0, found {tokens.Span[wrong]} at index {wrong}.", nameof(tokens));
        }

        (this.tokens, this.length, this.stride, this.size, this.seed, this.shuffle) = (tokens, length, stride ?? length, size, seed, shuffle);
        Windows = ((tokens.Length - length - 1) / this.stride) + 1;
        if (dropLast && size > Windows)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Without the last batch there is none: there are {Windows} windows.");
        }

        var all = (Windows / size) + (dropLast || Windows % size == 0 ? 0 : 1);
        if (batches is { } wanted && (wanted < 1 || wanted > all))
        {
            throw new ArgumentOutOfRangeException(nameof(batches), wanted, $"An epoch has 1 to {all} batches: there are {Windows} windows.");
        }

        Count = batches ?? all;
        used = (int)Math.Min(Windows, (long)Count * size);
    }

    /// <summary>The number of windows in the text.</summary>
    public int Windows { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>0: targets are tokens, not classes that could be mixed.</summary>
    public int Classes => 0;

    /// <inheritdoc/>
    public int SmallestBatch => used - ((Count - 1) * size);

    /// <summary>
    /// Cuts a text in two that have no token in common: the end is what a model is measured on. Windows of one part never reach into the other.
    /// </summary>
    /// <param name="tokens">The text.</param>
    /// <param name="validation">The share of the tokens to measure on, above 0 and below 1; rounded down.</param>
    /// <returns>Both parts, views of the text.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A share out of range.</exception>
    /// <exception cref="ArgumentException">One of the parts would be empty.</exception>
    public static (ReadOnlyMemory<int> Train, ReadOnlyMemory<int> Validation) Split(ReadOnlyMemory<int> tokens, double validation)
    {
        if (!(validation is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(validation), validation, "The share to measure on is above 0 and below 1.");
        }

        var measured = (int)(tokens.Length * validation);
        return measured > 0 && measured < tokens.Length
            ? (tokens[..^measured], tokens[^measured..])
            : throw new ArgumentException(
                FormattableString.Invariant($"Expected a text with tokens for both parts, found {tokens.Length} of which {measured} are {validation}."),
                nameof(tokens));
    }

    /// <inheritdoc/>
    public IReadOnlyList<int>? Order(int epoch) =>
        shuffle ? new RandomKey(seed, epoch, 0).Stream(RandomPurpose.Shuffle).Permutation(Windows)[..used] : null;

    /// <inheritdoc/>
    public IEnumerable<TrainingBatch> Epoch(int epoch)
    {
        var order = Order(epoch);
        for (var number = 0; number < Count; number++)
        {
            var rows = Math.Min(size, used - (number * size));
            var (inputs, targets) = (new long[rows * length], new long[rows * length]);
            for (var row = 0; row < rows; row++)
            {
                var window = (number * size) + row;
                var span = tokens.Span.Slice((order?[window] ?? window) * stride, length + 1);
                for (var place = 0; place < length; place++)
                {
                    inputs[(row * length) + place] = span[place];
                    targets[(row * length) + place] = span[place + 1];
                }
            }

            using var read = tensor(inputs, rows, length).DetachFromDisposeScope();
            using var next = tensor(targets, rows, length).DetachFromDisposeScope();
            yield return new(read, next, new RandomKey(seed, epoch, number));
        }
    }
}
