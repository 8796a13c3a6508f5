namespace SourceNet.Training;

/// <summary>Classes or groups of samples as numbers, in the order in which they first appear.</summary>
/// <param name="Numbers">The number of each sample's.</param>
/// <param name="Names">What each number stands for.</param>
internal sealed record Kinds(int[] Numbers, string[] Names)
{
    internal static Kinds Of<TKind>(IReadOnlyList<TKind> kinds, string name)
        where TKind : notnull
    {
        ArgumentNullException.ThrowIfNull(kinds, name);
        var known = new Dictionary<TKind, int>();
        var numbers = new int[kinds.Count];
        var names = new List<string>();
        for (var sample = 0; sample < numbers.Length; sample++)
        {
            if (kinds[sample] is not { } kind)
            {
                throw new ArgumentException($"Expected one for each sample, found null at index {sample}.", name);
            }

            if (!known.TryGetValue(kind, out var number))
            {
                known.Add(kind, number = known.Count);
                names.Add(FormattableString.Invariant($"{kind}"));
            }

            numbers[sample] = number;
        }

        return new(numbers, [.. names]);
    }

    /// <summary>One kind for all.</summary>
    internal static Kinds One(int count) => new(new int[count], ["all"]);

    /// <summary>The samples of each, in their order.</summary>
    internal int[][] Members()
    {
        var members = Names.Select(_ => new List<int>()).ToArray();
        for (var sample = 0; sample < Numbers.Length; sample++)
        {
            members[Numbers[sample]].Add(sample);
        }

        return [.. members.Select(list => list.ToArray())];
    }
}
