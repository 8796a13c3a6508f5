using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.MSBuild;

namespace SourceNet.Tool.Loading;

/// <summary>Loads what a build would compile. Nothing of the audited program runs; the build's own targets and generators do, as in a build.</summary>
internal static partial class SolutionLoader
{
    private const int ErrorsShown = 5;

    private static readonly string[] s_solutions = [".sln", ".slnx", ".slnf"];
    private static readonly string[] s_projects = [".csproj"];

    /// <summary>The solution or project that a path means: a file, or the only one in a folder.</summary>
    /// <exception cref="ToolException">There is none, or there are several.</exception>
    public static string Find(string path)
    {
        if (File.Exists(path))
        {
            var extension = Path.GetExtension(path).ToLowerInvariant();
            return s_solutions.Contains(extension) || extension == ".csproj"
                ? Path.GetFullPath(path)
                : throw new ToolException(ExitCode.Usage, $"{path}: expected a solution (.sln, .slnx), a C# project (.csproj) or a folder, found another file");
        }

        if (!Directory.Exists(path))
        {
            throw new ToolException(ExitCode.Usage, $"{path}: expected a solution, a C# project or a folder, found nothing");
        }

        return Only(path, s_solutions)
            ?? Only(path, s_projects) ?? throw new ToolException(ExitCode.Usage, $"{path}: expected a solution or a C# project in this folder, found none");
    }

    /// <summary>The only project in a folder.</summary>
    /// <exception cref="ToolException">There is none, or there are several.</exception>
    public static string FindProject(string folder) =>
        Only(folder, s_projects) ?? throw new ToolException(ExitCode.Usage, $"{folder}: expected a C# project in this folder, found none");

    private static string? Only(string folder, string[] extensions)
    {
        var found = Directory.GetFiles(folder)
            .Where(file => extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal)
            .ToList();
        return found.Count switch
        {
            0 => null,
            1 => Path.GetFullPath(found[0]),
            _ => throw new ToolException(
                ExitCode.Usage,
                $"{folder}: expected one solution or project, found {string.Join(", ", found.Select(Path.GetFileName))}: say which"),
        };
    }

    /// <summary>Loads and binds all C# projects, in the order of their names.</summary>
    /// <param name="file">What <see cref="Find"/> found.</param>
    /// <param name="configuration">The build's configuration: Debug or Release.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ToolException">One cannot be loaded or does not compile.</exception>
    public static async Task<IReadOnlyList<LoadedProject>> LoadAsync(string file, string configuration, CancellationToken cancellation)
    {
        using var intermediate = IntermediateFolder.For(Path.GetDirectoryName(file)!);
        var properties = new Dictionary<string, string>(intermediate.Properties) { ["Configuration"] = configuration };
        using var workspace = MSBuildWorkspace.Create(properties);
        var failures = new List<string>();
        using var registration = workspace.RegisterWorkspaceFailedHandler(failure =>
        {
            if (failure.Diagnostic.Kind == WorkspaceDiagnosticKind.Failure)
            {
                lock (failures)
                {
                    failures.Add(failure.Diagnostic.Message);
                }
            }
        });
        var projects = Path.GetExtension(file).Equals(".csproj", StringComparison.OrdinalIgnoreCase)
            ? await OpenProjectAsync(workspace, file, cancellation)
            : (await workspace.OpenSolutionAsync(file, cancellationToken: cancellation)).Projects;
        var chosen = projects.Where(project => project.Language == LanguageNames.CSharp).OrderBy(project => project.Name, StringComparer.Ordinal).ToList();
        if (await ErrorsAsync(failures, [.. workspace.CurrentSolution.Projects], properties, cancellation) is { Count: > 0 } severe)
        {
            throw new ToolException(ExitCode.AnalysisFailed, $"{file}: cannot be loaded: {string.Join(Environment.NewLine + "  ", severe.Take(ErrorsShown))}");
        }

        if (chosen.Count == 0)
        {
            throw new ToolException(ExitCode.AnalysisFailed, $"{file}: expected a C# project, found none");
        }

        var loaded = new List<LoadedProject>();
        foreach (var project in chosen)
        {
            var compilation = (CSharpCompilation)(await project.GetCompilationAsync(cancellation))!;
            var errors = compilation.GetDiagnostics(cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (errors.Count > 0)
            {
                var more = errors.Count > ErrorsShown ? $"{Environment.NewLine}  and {errors.Count - ErrorsShown} more" : "";
                throw new ToolException(
                    ExitCode.AnalysisFailed,
                    $"{project.FilePath}: does not compile, so an audit would say nothing. Is it restored, and built in the configuration "
                        + $"{configuration}?{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", errors.Take(ErrorsShown))}{more}");
            }

            loaded.Add(new(project.Name, compilation, project.AnalyzerOptions));
        }

        return loaded;
    }

    /// <summary>
    /// What of the reported failures kept a C# project from being loaded. Those about projects that got as far as the compiler may be warnings, so their
    /// builds are asked.
    /// </summary>
    private static async Task<IReadOnlyList<string>> ErrorsAsync(
        IEnumerable<string> failures,
        IReadOnlyList<Project> projects,
        IReadOnlyDictionary<string, string> properties,
        CancellationToken cancellation)
    {
        var loaded = projects.Where(project => project.MetadataReferences.Count > 0).ToList();
        var doubtful = failures
            .Distinct()
            .Where(failure => !IsAboutAnotherLanguage(failure))
            .ToLookup(failure => loaded.Any(project => IsAbout(failure, project)));
        return doubtful[false].Any() ? [.. doubtful[false]]
            : doubtful[true].Any() ? await DesignTimeBuild.ErrorsAsync(
                [.. projects.Where(project => doubtful[true].Any(failure => IsAbout(failure, project)))],
                properties,
                cancellation)
            : [];

        static bool IsAbout(string failure, Project project) => project.FilePath is { } path && failure.Contains(path, StringComparison.Ordinal);
    }

    /// <summary>Whether a project of a solution is not loaded because it is none of C#: <c>.fsproj</c>, <c>.vcxproj</c>, <c>.sqlproj</c>.</summary>
    private static bool IsAboutAnotherLanguage(string failure) =>
        OtherProject().IsMatch(failure) && !failure.Contains(".csproj", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\.\w+proj\b", RegexOptions.IgnoreCase)]
    private static partial Regex OtherProject();

    /// <summary>The project for each of its target frameworks, without those that it references.</summary>
    private static async Task<IEnumerable<Project>> OpenProjectAsync(MSBuildWorkspace workspace, string file, CancellationToken cancellation)
    {
        var project = await workspace.OpenProjectAsync(file, cancellationToken: cancellation);
        return project.Solution.Projects.Where(other => other.FilePath == project.FilePath);
    }
}
