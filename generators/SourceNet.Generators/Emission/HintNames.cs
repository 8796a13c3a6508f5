using SourceNet.Modeling;

namespace SourceNet.Generators.Emission;

/// <summary>Names for the generated files. The metadata name is unique in a compilation, but the compiler compares file names without regard to case.</summary>
internal static class HintNames
{
    /// <summary>Those of the metadata names that another one differs from in case only, in a fixed order.</summary>
    public static EquatableArray<string> Ambiguous(IEnumerable<string> names) => names
        .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Skip(1).Any())
        .SelectMany(group => group)
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();

    /// <summary><c>Demo.Outer-1+Net.g.cs</c>; a number before the extension where the name alone would be ambiguous.</summary>
    public static string Of(string metadataName, EquatableArray<string> ambiguous)
    {
        var rivals = ambiguous.Where(name => StringComparer.OrdinalIgnoreCase.Equals(name, metadataName)).ToList();
        var number = rivals.IndexOf(metadataName) + 1;
        return $"{metadataName.Replace('`', '-')}{(number > 1 ? $".{number}" : "")}.g.cs";
    }
}
