using SourceNet.Tool.Baselines;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Inventory;
using SourceNet.Tool.Loading;
using SourceNet.Tool.Policies;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary><c>sourcenet audit</c>: loads, analyzes, compares with the policy and the baseline, writes every format.</summary>
internal static class Audit
{
    /// <exception cref="ToolException">Something that the user has to know.</exception>
    /// <exception cref="OperationCanceledException">Ctrl+C.</exception>
    public static async Task<ExitCode> RunAsync(AuditSettings settings, IAnsiConsole console, CancellationToken cancellation)
    {
        var file = SolutionLoader.Find(settings.Path);
        var root = Path.GetDirectoryName(file)!;
        // Before the long part: a mistake in them is no reason to wait.
        var policy = settings.Policy is { } demands ? AuditPolicy.Read(demands) : null;
        var baseline = settings.Report.Baseline is { } known ? Baseline.Read(known) : null;
        var projects = await SolutionLoader.LoadAsync(file, settings.Configuration, cancellation);
        var findings = await Auditor.RunAsync(projects, root, cancellation);
        var models = InventoryReader.Read(projects, root, cancellation);
        var violations = PolicyFindings.Of(policy?.Check(models) ?? []);
        return Reporting.Write(
            settings.Report,
            console,
            Path.GetFileName(file),
            [.. projects.Select(project => project.Name)],
            models,
            [.. findings, .. violations],
            baseline);
    }
}
