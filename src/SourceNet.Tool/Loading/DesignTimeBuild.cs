using System.Diagnostics;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace SourceNet.Tool.Loading;

/// <summary>
/// Asks MSBuild itself whether a build went wrong that MSBuildWorkspace reports a failure of: that tells a warning, such as one about a vulnerable package,
/// no different from an error (dotnet/roslyn#75182), and a project whose build failed halfway may look whole.
/// </summary>
internal static class DesignTimeBuild
{
    /// <summary>What MSBuildWorkspace builds, and with which properties: all that comes before the compiler, but not the compiler.</summary>
    private const string Targets = "Compile;CoreCompile";

    private static readonly (string Name, string Value)[] s_properties =
    [
        ("DesignTimeBuild", "true"), ("BuildingProject", "false"), ("BuildProjectReferences", "false"), ("ProvideCommandLineArgs", "true"),
        ("SkipCompilerExecution", "true"),
        ("ContinueOnError", "ErrorAndContinue"), ("NonExistentFile", "__NonExistentSubDir__\\__NonExistentFile__"),
    ];

    /// <summary>The errors of the builds of projects; none if all of them went well.</summary>
    /// <param name="projects">The projects, each for one target framework.</param>
    /// <param name="properties">What they were loaded with.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<IReadOnlyList<string>> ErrorsAsync(
        IReadOnlyList<Project> projects,
        IEnumerable<KeyValuePair<string, string>> properties,
        CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("sourcenet-");
        try
        {
            var file = Path.Combine(folder.FullName, "check.proj");
            All(projects, properties).Save(file);
            using var build = Process.Start(new ProcessStartInfo("dotnet", [
                "msbuild",
                file,
                "-nologo",
                "-maxCpuCount",
                "-nodeReuse:false",
                "-verbosity:quiet",
                "-terminalLogger:off",
                "-consoleLoggerParameters:ErrorsOnly;NoSummary"
            ])
            {
                // Where a global.json chooses the SDK.
                WorkingDirectory = Path.GetDirectoryName(projects[0].FilePath)!,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var ending = cancellation.Register(() => build.Kill(entireProcessTree: true));
            var errors = build.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = await build.StandardOutput.ReadToEndAsync(CancellationToken.None) + await errors;
            await build.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return build.ExitCode == 0 ? [] : [.. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Distinct()
                .DefaultIfEmpty($"dotnet msbuild ends with {build.ExitCode}")];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A project that builds all of them.</summary>
    private static XElement All(IEnumerable<Project> projects, IEnumerable<KeyValuePair<string, string>> properties) => new(
        "Project",
        new XAttribute("DefaultTargets", "Check"),
        new XElement("ItemGroup", projects.Select(project => new XElement(
            "Checked",
            new XAttribute("Include", Escape(project.FilePath!)),
            new XAttribute("AdditionalProperties", Framework(project) is { } framework ? $"TargetFramework={framework}" : "")))),
        new XElement("Target", new XAttribute("Name", "Check"), new XElement(
            "MSBuild",
            new XAttribute("Projects", "@(Checked)"),
            new XAttribute("Targets", Targets),
            new XAttribute("BuildInParallel", "true"),
            new XAttribute("Properties", string.Join(';', s_properties.Concat(properties.Select(property => (Name: property.Key, property.Value))).Select(
                property => $"{property.Name}={Escape(property.Value)}"))))));

    /// <summary>Of a project with several target frameworks the one that this is for, which its name ends with: <c>Net(net8.0)</c>.</summary>
    private static string? Framework(Project project) =>
        project.Name.LastIndexOf('(') is > 0 and var open
            && project.Name.EndsWith(')')
            && project.Solution.Projects.Any(other => other != project && other.FilePath == project.FilePath) ? project.Name[(open + 1)..^1] : null;

    /// <summary>As text that MSBuild takes for nothing else.</summary>
    private static string Escape(string text) =>
        string.Concat(text.Select(symbol => "%$@'();?*".Contains(symbol, StringComparison.Ordinal) ? $"%{(int)symbol:X2}" : symbol.ToString()));
}
