using System.Diagnostics;
using System.Text.Json;

namespace SourceNet.Tool.Tests;

/// <summary>The audit of a real project: the retrofit sample with its mistakes.</summary>
public sealed class AuditTests : IDisposable
{
    private static readonly string s_retrofit = Path.Combine(Run.Root, "samples", "Retrofit", "Before");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task New_warnings_fail_and_every_format_tells_of_them()
    {
        await RestoreAsync(s_retrofit);
        string[] formats = ["json", "sarif", "markdown", "junit"];
        var outputs = formats.SelectMany(format => new[] { $"--{format}", _folder.File($"audit.{format}") });

        var (code, output, errors) = await Run.SourcenetAsync(["audit", s_retrofit, "-c", Run.Configuration, .. outputs]);

        Assert.Equal("", errors);
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("Recognizer.cs(17,16): warning SN1001: '_net' runs in train mode", output);
        Assert.Contains("Retrofit.DigitNet  hand-written, DigitNet.cs:", output);
        Assert.All(formats, format => Assert.Contains("SN1001", File.ReadAllText(_folder.File($"audit.{format}"))));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("audit.json")));
        Assert.Contains(json.RootElement.GetProperty("models")[0].GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("kind").GetString() == "Linear");
    }

    [Fact]
    public async Task What_a_baseline_knows_fails_nothing()
    {
        await RestoreAsync(s_retrofit);
        var baseline = _folder.File("baseline.json");

        var written = await Run.SourcenetAsync("audit", s_retrofit, "-c", Run.Configuration, "--write-baseline", baseline);
        var (code, output, _) = await Run.SourcenetAsync("audit", s_retrofit, "-c", Run.Configuration, "--baseline", baseline, "--fail-on", "info");

        Assert.Equal((ExitCode.Clean, ExitCode.Clean), (written.ExitCode, code));
        Assert.Contains("0 new findings that fail, 0 below, 13 known, 0 suppressed", output);
        Assert.DoesNotContain("SN1001", output);
    }

    [Fact]
    public async Task A_project_without_models_is_clean()
    {
        _folder.Write("Leer.csproj", Project);
        _folder.Write("Klasse.cs", "namespace Leer; public class Klasse;");
        await RestoreAsync();

        var (code, output, errors) = await Run.SourcenetAsync("audit", _folder.Path);

        Assert.Equal(("", ExitCode.Clean), (errors, code));
        Assert.Contains("1 projects, 0 models; 0 new findings that fail", output);
    }

    [Fact]
    public async Task A_project_that_does_not_compile_is_no_green_pass()
    {
        _folder.Write("Kaputt.csproj", Project);
        _folder.Write("Klasse.cs", "public class Klasse { nope; }");
        await RestoreAsync();

        var (code, _, errors) = await Run.SourcenetAsync("audit", _folder.Path, "--fail-on", "none", "--json", _folder.File("audit.json"));

        Assert.Equal(ExitCode.AnalysisFailed, code);
        Assert.Contains("Kaputt.csproj: does not compile", errors);
        Assert.Matches(@"Klasse\.cs\(1,\d+\): error CS\d+", errors);
        Assert.False(File.Exists(_folder.File("audit.json")));
    }

    [Fact]
    public async Task A_project_that_is_not_restored_is_no_green_pass()
    {
        _folder.Write("Neu.csproj", Project.Replace("</Project>", "<ItemGroup><PackageReference Include=\"TorchSharp\" Version=\"0.107.0\" /></ItemGroup></Project>"));
        _folder.Write("Klasse.cs", "public class Klasse { TorchSharp.torch.Tensor? kept; }");

        var (code, _, errors) = await Run.SourcenetAsync("audit", _folder.Path);

        Assert.Equal(ExitCode.AnalysisFailed, code);
        Assert.Contains("Is it restored, and built in the configuration Debug?", errors);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_a_usage_error()
    {
        _folder.Write("Leer.csproj", Project);
        _folder.Write("Klasse.cs", "public class Klasse;");
        await RestoreAsync();

        var (code, _, errors) = await Run.SourcenetAsync("audit", _folder.Path, "--sarif", _folder.Path);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains($"{_folder.Path}: expected a file that can be written", errors);
    }

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
          </PropertyGroup>
        </Project>
        """;

    private Task RestoreAsync() => RestoreAsync(_folder.Path);

    private static async Task RestoreAsync(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["restore", folder]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
