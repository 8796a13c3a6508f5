namespace TinyGpt;

/// <summary>A text as numbers of its characters; the last tenth is kept to measure with.</summary>
internal sealed class Corpus
{
    private readonly Dictionary<char, long> numbers;

    public Corpus(string text)
    {
        Characters = [.. text.Distinct().Order()];
        numbers = Characters.Index().ToDictionary(one => one.Item, one => (long)one.Index);
        long[] tokens = Encode(text);
        var end = tokens.Length * 9 / 10;
        (Train, Validation) = (tokens[..end], tokens[end..]);
    }

    public IReadOnlyList<char> Characters { get; }

    public long[] Train { get; }

    public long[] Validation { get; }

    public long[] Encode(string text) => [.. text.Select(character => numbers[character])];

    /// <exception cref="InvalidDataException">The text is too short to learn from.</exception>
    public static Corpus Read(string file, int context)
    {
        var text = File.ReadAllText(file);
        return text.Length >= 20 * context
            ? new(text)
            : throw new InvalidDataException($"{file}: expected a text of at least {20 * context} characters, found {text.Length}");
    }
}
