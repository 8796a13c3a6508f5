using Microsoft.CodeAnalysis;
using SourceNet.Corpus.Sources;

namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>A solution in a temporary folder, as a team that trains models would have it: half of the files name TorchSharp.</summary>
internal sealed class SyntheticSolution : IDisposable
{
    private const int FilesInAProject = 100;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
          </PropertyGroup>
        </Project>
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("sourcenet-solution-").FullName;

    internal SyntheticSolution(int files)
    {
        for (var index = 0; index < files; index++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, $"Project{index / FilesInAProject}")).FullName;
            if (index % FilesInAProject == 0)
            {
                File.WriteAllText(Path.Combine(folder, $"Project{index / FilesInAProject}.csproj"), Project);
            }

            // The files of ten belong together: the fourth trains what the first declares.
            var text = SyntheticSources.All[index % SyntheticSources.All.Count].Replace(
                "Nr",
                $"{index / SyntheticSources.All.Count}",
                StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(folder, $"File{index}.cs"), text);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <exception cref="InvalidOperationException">It does not compile, so that its time would say nothing.</exception>
    internal SourceTree Read()
    {
        var tree = SourceTree.Read(_folder);
        var error = tree.Projects.SelectMany(project => project.Compilation.GetDiagnostics()).FirstOrDefault(diagnostic => diagnostic.Severity
            == DiagnosticSeverity.Error);
        return error is null ? tree : throw new InvalidOperationException($"The synthetic solution does not compile: {error}");
    }
}
