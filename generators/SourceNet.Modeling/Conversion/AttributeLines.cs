namespace SourceNet.Modeling.Conversion;

/// <summary>The attributes of a block as lines that can be read: what does not fit into one begins a new one with each weight.</summary>
internal sealed class AttributeLines
{
    private const int Width = 120;
    private const string Indent = "    ";

    private readonly List<List<string>> _groups = [[]];

    /// <summary>Adds an attribute.</summary>
    /// <param name="attribute">Without brackets.</param>
    /// <param name="begins">Whether a line may begin with it.</param>
    public void Add(string attribute, bool begins)
    {
        if (begins && _groups[_groups.Count - 1].Count > 0)
        {
            _groups.Add([]);
        }

        _groups[_groups.Count - 1].Add(attribute);
    }

    /// <summary>All lines, each with its line break.</summary>
    public override string ToString()
    {
        var all = List(_groups.SelectMany(group => group));
        return all.Length <= Width ? all + "\n" : string.Concat(_groups.Select(group => Broken(group) + "\n"));
    }

    /// <summary>One list of attributes, over as many lines as it takes.</summary>
    private static string Broken(IReadOnlyList<string> attributes)
    {
        var text = Indent + "[" + attributes[0];
        var column = text.Length;
        foreach (var attribute in attributes.Skip(1))
        {
            var isFull = column + attribute.Length + 3 > Width;
            text += isFull ? $",\n{Indent} {attribute}" : $", {attribute}";
            column = isFull ? Indent.Length + 1 + attribute.Length : column + 2 + attribute.Length;
        }

        return text + "]";
    }

    private static string List(IEnumerable<string> attributes) => $"{Indent}[{string.Join(", ", attributes)}]";
}
