using SourceNet.Training;

namespace TinyGpt;

/// <summary>A text as numbers of its characters; the last tenth is kept to measure with.</summary>
internal sealed class Corpus
{
    private readonly Dictionary<char, int> numbers;

    public Corpus(string text)
    {
        Characters = [.. text.Distinct().Order()];
        numbers = Characters.Index().ToDictionary(one => one.Item, one => one.Index);
        (Train, Validation) = TextWindows.Split(Encode(text), validation: 0.1);
    }

    public IReadOnlyList<char> Characters { get; }

    public ReadOnlyMemory<int> Train { get; }

    public ReadOnlyMemory<int> Validation { get; }

    public int[] Encode(string text) => [.. text.Select(character => numbers[character])];

    /// <exception cref="InvalidDataException">The text is too short to learn from.</exception>
    public static Corpus Read(string file, int context)
    {
        var text = File.ReadAllText(file);
        return text.Length >= 20 * context
            ? new(text)
            : throw new InvalidDataException($"{file}: expected a text of at least {20 * context} characters, found {text.Length}");
    }
}
