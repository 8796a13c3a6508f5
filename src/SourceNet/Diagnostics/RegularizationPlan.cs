using System.Text;

namespace SourceNet;

/// <summary>Every regularizer of a model: where it acts, what it is, how strong, and whether it was declared there, is a default, or was derived.</summary>
public sealed class RegularizationPlan
{
    /// <param name="entries">The regularizers in the order of the forward pass. A copy is taken.</param>
    public RegularizationPlan(IReadOnlyList<Regularization> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = [.. entries];
    }

    /// <summary>A plan without regularizers.</summary>
    public static RegularizationPlan Empty { get; } = new([]);

    /// <summary>The regularizers in the order of the forward pass.</summary>
    public IReadOnlyList<Regularization> Entries { get; }

    /// <summary>A table of plain text, one line for each regularizer. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        if (Entries.Count == 0)
        {
            return "No regularization.\n";
        }
        var table = new TextTable(("Where", false), ("Regularizer", false), ("Strength", false), ("Provenance", false), ("Fused", false));
        foreach (var entry in Entries)
        {
            table.Add(entry.Where, entry.Kind.ToString(), entry.Strength, entry.Provenance.ToString().ToLowerInvariant(), entry.Fused);
        }
        var text = new StringBuilder();
        table.WriteTo(text);
        return text.ToString();
    }
}
