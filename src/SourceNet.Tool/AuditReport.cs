using System.Globalization;
using SourceNet.Tool.Baselines;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;

namespace SourceNet.Tool;

/// <summary>Everything that an audit says; each format shows it in its own way.</summary>
/// <param name="Version">The version of the format, 1.</param>
/// <param name="Tool">The version of the tool.</param>
/// <param name="Target">The solution or project, relative to the root.</param>
/// <param name="Projects">What was analyzed.</param>
/// <param name="Models">The models and augmentations in it.</param>
/// <param name="Regularization">The same as flat keys for experiment trackers: <c>regularization.Demo.Net.hidden.dropout.Dropout</c>.</param>
/// <param name="Findings">What the rules found, suppressed and known ones too.</param>
/// <param name="New">The fingerprints of those that fail, without a baseline all active ones.</param>
/// <param name="Absent">Entries of the baseline that nothing is found for any more.</param>
/// <param name="Expired">Entries of the baseline whose time is over.</param>
internal sealed record AuditReport(
    int Version,
        string Tool,
        string Target,
        IReadOnlyList<string> Projects,
        IReadOnlyList<ModelEntry> Models,
        IReadOnlyDictionary<string, string> Regularization,
    IReadOnlyList<Finding> Findings, IReadOnlyList<string> New, IReadOnlyList<BaselineEntry> Absent, IReadOnlyList<BaselineEntry> Expired)
{
    // A file may lack the list; whoever reads one checks that.
    private readonly HashSet<string> isNew = new(New ?? [], StringComparer.Ordinal);

    /// <summary>How many there are of what, for the head of a page and the foot of a log.</summary>
    /// <param name="failOn">From which severity on findings fail.</param>
    public string Summary(Severity failOn)
    {
        var failing = NewFrom(failOn).Count();
        var augmentations = Models.Count(model => model.Kind == "augmentation");
        var below = NewFrom(Severity.Info).Count() - failing;
        var known = Findings.Count(finding => finding.IsActive && !IsNew(finding));
        var suppressed = Findings.Count(finding => !finding.IsActive);
        return $"{Number(Projects.Count, "project")}, "
            + $"{Number(Models.Count - augmentations, "model")}{(augmentations > 0 ? $", {Number(augmentations, "augmentation")}" : "")}; "
            + $"{Number(failing, "new finding")} that {(failing == 1 ? "fails" : "fail")}, {below} below, {known} known, {suppressed} suppressed";

        static string Number(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
    }

    /// <summary>The findings that fail, from a severity on.</summary>
    public IEnumerable<Finding> NewFrom(Severity least) => Findings.Where(finding => finding.IsActive && finding.Severity >= least && IsNew(finding));

    /// <summary>Whether no baseline knows a finding.</summary>
    public bool IsNew(Finding finding) => isNew.Contains(finding.Fingerprint);

    /// <summary>The regularizers of all models by flat keys.</summary>
    public static IReadOnlyDictionary<string, string> Flatten(IEnumerable<ModelEntry> models)
    {
        var keys = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var model in models)
        {
            foreach (var entry in model.Regularization)
            {
                keys.TryAdd($"regularization.{model.Name}.{entry.Where.Replace(' ', '_')}.{entry.Kind}", entry.Strength);
            }
        }

        return keys;
    }
}
