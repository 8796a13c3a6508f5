using Microsoft.CodeAnalysis;
using SourceNet.Tool.Findings;

namespace SourceNet.Tool.Policies;

/// <summary>What breaks the team's policy, as findings beside those of the rules: baselines, severities and formats treat them alike.</summary>
internal static class PolicyFindings
{
    public static DiagnosticDescriptor Descriptor { get; } = new(
        "SN9001",
        "A model breaks the policy of the team",
        "{0}",
        "SourceNet.Policy",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Found by sourcenet audit --policy alone: the file says what every model must declare, must not, and in which range.",
        "https://github.com/sourcenet/sourcenet/blob/main/docs/audit.md#a-policy");

    public static IReadOnlyList<Finding> Of(IEnumerable<Violation> violations)
    {
        var fingerprints = new Fingerprints();
        return
        [
            .. violations.Select(violation => new Finding(
                Descriptor.Id,
                violation.Rule.Severity,
                $"{violation.Rule.Name}: {violation.Model.Name} {violation.Found}.",
                violation.Model.Path,
                violation.Model.Line,
                1,
                violation.Model.Line,
                2,
                violation.Model.Name,
                violation.Where,
                [],
                null,
                fingerprints.Next(Descriptor.Id, violation.Model.Path, violation.Model.Name, $"{violation.Rule.Name}\n{violation.Where}"))),
        ];
    }
}
