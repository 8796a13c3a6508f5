namespace SourceNet;

/// <summary>The tensors of a file under the names of the model.</summary>
internal sealed class MappedState
{
    private readonly NamePattern[] skip;
    private readonly NamePattern[] transposed;
    private readonly LoadOptions options;
    private readonly Dictionary<string, SafetensorsEntry> entries = [];

    private MappedState(LoadOptions options)
    {
        this.options = options;
        skip = [.. options.Skip.Select(text => new NamePattern(text))];
        transposed = [.. options.Transposed.Select(text => new NamePattern(text))];
    }

    internal IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    internal bool Skips(string name) => Array.Exists(skip, pattern => pattern.Fits(name));

    internal bool IsTransposed(string name) => Array.Exists(transposed, pattern => pattern.Fits(name));

    /// <summary>The shape that a tensor of the file has in the model.</summary>
    internal long[] ShapeOf(string name) => IsTransposed(name) ? [.. Enumerable.Reverse(entries[name].Shape)] : entries[name].Shape;

    /// <exception cref="ArgumentException">A pattern has fewer * than what it becomes.</exception>
    /// <exception cref="SafetensorsException">Two tensors get one name, or a setting meets nothing.</exception>
    internal static MappedState Of(SafetensorsFile file, LoadOptions options, IReadOnlyCollection<string> names)
    {
        if (options.Names.FirstOrDefault(pair => pair.Value.Count(c => c == '*') > pair.Key.Count(c => c == '*')) is { Key: not null } wrong)
        {
            throw new ArgumentException($"Names: '{wrong.Value}' has more * than '{wrong.Key}', so that nothing tells what they stand for.", nameof(options));
        }

        var mapped = new MappedState(options);
        var patterns = options.Names.Where(pair => pair.Key.Contains('*')).Select(pair => (Pattern: new NamePattern(pair.Key), pair.Value)).ToList();
        var unused = new HashSet<string>(options.Names.Keys);
        var sources = new Dictionary<string, string>();
        foreach (var (source, entry) in file.Entries)
        {
            var name = mapped.Rename(source, patterns, unused);
            if (!sources.TryAdd(name, source))
            {
                throw file.Bad($"'{sources[name]}' and '{source}' both become '{name}'. The model is unchanged");
            }

            mapped.entries.Add(name, entry);
        }

        var isPrefixMet = options.Prefix.Length == 0 || file.Entries.Keys.Any(name => name.StartsWith(options.Prefix, StringComparison.Ordinal));
        string[] prefixes = isPrefixMet ? [] : [$"Prefix '{options.Prefix}'"];
        string[] idle =
        [
            .. prefixes,
            .. unused.Select(name => $"Names '{name}'"),
            .. mapped.skip.Where(pattern => !names.Any(pattern.Fits)).Select(pattern => $"Skip '{pattern.Text}'"),
            .. mapped.transposed.Where(pattern => !names.Any(pattern.Fits)).Select(pattern => $"Transposed '{pattern.Text}'"),
        ];
        return idle.Length == 0 ? mapped : throw file.Bad($"no name is met by {string.Join(", ", idle)}. The model is unchanged");
    }

    private string Rename(string source, List<(NamePattern Pattern, string To)> patterns, HashSet<string> unused)
    {
        var name = source.StartsWith(options.Prefix, StringComparison.Ordinal) ? source[options.Prefix.Length..] : source;
        if (options.Names.TryGetValue(name, out var exact))
        {
            unused.Remove(name);
            return exact;
        }

        foreach (var (pattern, to) in patterns)
        {
            if (pattern.Rename(name, to) is { } renamed)
            {
                unused.Remove(pattern.Text);
                return renamed;
            }
        }

        return name;
    }
}
