using System.Diagnostics;
using System.Globalization;
using SourceNet.Benchmarks.AnalyzerSpeed;

namespace SourceNet.Benchmarks.AuditSpeed;

/// <summary>How long an audit of a solution with many projects takes, beside its build.</summary>
internal static class AuditReport
{
    private const int ProjectsInAChain = 10;

    private static readonly string s_root = Repository.Metadata("RepositoryRoot");

    internal static int Run(int projects)
    {
        var folder = Directory.CreateTempSubdirectory("sourcenet-audit-").FullName;
        try
        {
            Write(folder, projects);
            Time(folder, "restore", "dotnet", "restore", "--disable-parallel");
            var build = Time(folder, "build", "dotnet", "build", "--no-restore", "-nodeReuse:false", "-v:q");
            var audit = Time(
                folder,
                "audit",
                "dotnet",
                Path.Combine(s_root, "src/SourceNet.Tool/bin/Release/net10.0/sourcenet.dll"),
                "audit",
                "--fail-on",
                "none",
                "--sarif",
                "audit.sarif",
                "--json",
                "audit.json",
                "--html",
                "audit.html");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{projects} projects, {projects * SyntheticSources.All.Count} files: the audit takes {audit / build:F2} of the time of the build"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Projects of ten files; each of ten references the one before.</summary>
    private static void Write(string folder, int projects)
    {
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
                <NoWarn>$(NoWarn);NU1603</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TorchSharp" Version="{Repository.Metadata("TorchSharpVersion")}" />
              </ItemGroup>
            </Project>
            """);
        var solution = new List<string> { "<Solution>" };
        for (var index = 0; index < projects; index++)
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"Project{index}")).FullName;
            var reference = index % ProjectsInAChain == 0
                ? ""
                : $"<ItemGroup><ProjectReference Include=\"../Project{index - 1}/Project{index - 1}.csproj\" /></ItemGroup>";
            File.WriteAllText(Path.Combine(own, $"Project{index}.csproj"), $"<Project Sdk=\"Microsoft.NET.Sdk\">{reference}</Project>");
            solution.Add($"  <Project Path=\"Project{index}/Project{index}.csproj\" />");
            foreach (var (number, source) in SyntheticSources.All.Index())
            {
                File.WriteAllText(Path.Combine(own, $"File{number}.cs"), source.Replace("Nr", $"{index}", StringComparison.Ordinal));
            }
        }

        File.WriteAllLines(Path.Combine(folder, "Synthetic.slnx"), [.. solution, "</Solution>"]);
    }

    private static double Time(string folder, string name, string program, params string[] arguments)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(500))
        {
            process.Refresh();
            peak = Math.Max(peak, process.HasExited ? 0 : process.PeakWorkingSet64);
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} ended with {process.ExitCode}: {output.Result}");
        }

        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{name,-8} {clock.Elapsed.TotalSeconds,7:F1} s   at most {peak >> 20} MiB in its own process"));
        return clock.Elapsed.TotalSeconds;
    }
}
