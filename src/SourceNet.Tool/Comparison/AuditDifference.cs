using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool.Comparison;

/// <summary>What changed in the regularization between two audits.</summary>
/// <param name="Added">Models that are new.</param>
/// <param name="Removed">Models that are gone.</param>
/// <param name="Changed">Models that are in both and not the same.</param>
/// <param name="NewFindings">Active findings that only the newer audit has.</param>
/// <param name="GoneFindings">Active findings that only the older audit has.</param>
internal sealed record AuditDifference(
    IReadOnlyList<ModelEntry> Added,
        IReadOnlyList<ModelEntry> Removed,
        IReadOnlyList<ModelChange> Changed,
        IReadOnlyList<Finding> NewFindings,
        IReadOnlyList<Finding> GoneFindings)
{
    public bool IsEmpty => Added.Count + Removed.Count + Changed.Count + NewFindings.Count + GoneFindings.Count == 0;

    public static AuditDifference Of(AuditReport older, AuditReport newer) => new(
        [.. newer.Models.ExceptBy(older.Models.Select(model => model.Name), model => model.Name)],
        [.. older.Models.ExceptBy(newer.Models.Select(model => model.Name), model => model.Name)],
        [
            // A name may be there twice, in two projects: the first of each is compared.
            .. newer.Models.DistinctBy(model => model.Name)
                .Join(
                    older.Models.DistinctBy(model => model.Name),
                    model => model.Name,
                    model => model.Name,
                    (after, before) => new ModelChange(after, Lines(before, after)))
                .Where(change => change.Lines.Count > 0),
        ],
        Only(newer, older),
        Only(older, newer));

    private static List<Finding> Only(AuditReport one, AuditReport other)
    {
        var known = other.Findings.Where(finding => finding.IsActive).Select(finding => finding.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return [.. one.Findings.Where(finding => finding.IsActive && !known.Contains(finding.Fingerprint))];
    }

    private static IReadOnlyList<ChangeLine> Lines(ModelEntry before, ModelEntry after) =>
    [
        .. Values(before, after),
        .. Entries(
            before.Regularization,
            after.Regularization,
            entry => $"{entry.Where} {entry.Kind}",
            entry => entry.StrengthText(),
            entry => entry.Provenance),
        .. Entries(
            before.Layers,
            after.Layers,
            layer => $"layer {(layer.Path.Length > 0 ? layer.Path : layer.Kind)}",
            layer => $"{layer.Kind} {layer.Details}".Trim(),
            _ => ""),
        .. Entries(before.Groups, after.Groups, group => $"group {group.Name}", group => $"{group.Parameters ?? "?"} parameters", _ => ""),
    ];

    private static IEnumerable<ChangeLine> Values(ModelEntry before, ModelEntry after)
    {
        foreach (var (name, old, now) in new[]
        {
            ("kind", before.Kind, after.Kind),
            ("input", before.Input, after.Input),
            ("output", before.Output, after.Output),
            ("parameters", before.Parameters, after.Parameters)
        })
        {
            if (old != now)
            {
                yield return new(name, old, now);
            }
        }
    }

    /// <summary>Entries of one name are compared one by one, in their order.</summary>
    private static IEnumerable<ChangeLine> Entries<T>(
        IReadOnlyList<T> before,
        IReadOnlyList<T> after,
        Func<T, string> name,
        Func<T, string> value,
        Func<T, string> source)
    {
        var old = before.ToLookup(name, StringComparer.Ordinal);
        var now = after.ToLookup(name, StringComparer.Ordinal);
        foreach (var key in now.Select(group => group.Key).Union(old.Select(group => group.Key), StringComparer.Ordinal))
        {
            var (olds, nows) = (old[key].ToList(), now[key].ToList());
            for (var index = 0; index < Math.Max(olds.Count, nows.Count); index++)
            {
                var (was, isNow) = (index < olds.Count ? Text(olds[index]) : null, index < nows.Count ? Text(nows[index]) : null);
                if (was != isNow)
                {
                    yield return new(key, was, isNow);
                }
            }
        }

        string Text(T entry) => source(entry) is { Length: > 0 } who ? $"{value(entry)} ({who})" : value(entry);
    }
}

/// <param name="Model">As it is now.</param>
/// <param name="Lines">What is not as it was.</param>
internal sealed record ModelChange(ModelEntry Model, IReadOnlyList<ChangeLine> Lines);

/// <param name="What">What it is about.</param>
/// <param name="Before">What was there; null for nothing.</param>
/// <param name="After">What is there; null for nothing.</param>
internal sealed record ChangeLine(string What, string? Before, string? After);
