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
        string[] formats = ["json", "sarif", "markdown", "html", "junit"];
        var outputs = formats.SelectMany(format => new[] { $"--{format}", _folder.File($"audit.{format}") });

        var (code, output, errors) = await Run.SourcenetAsync(["audit", s_retrofit, "-c", Run.Configuration, .. outputs]);

        Assert.Equal("", errors);
        Assert.Equal(ExitCode.Findings, code);
        Assert.Contains("Recognizer.cs(17,16): warning SN1001: '_net' runs in train mode", output);
        Assert.Contains("Retrofit.DigitNet  hand-written, DigitNet.cs:", output);
        Assert.All(formats, format => Assert.Contains("SN1001", File.ReadAllText(_folder.File($"audit.{format}"))));
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("audit.json")));
        Assert.Contains(json.RootElement.GetProperty("models")[0].GetProperty("layers").EnumerateArray(), layer => layer.GetProperty("kind").GetString()
            == "Linear");
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
    public async Task A_policy_is_part_of_the_audit()
    {
        await RestoreAsync(s_retrofit);
        var policy = _folder.Write("policy.json", """{ "version": 1, "rules": [ { "name": "at most 0.3", "regularizer": "Dropout", "max": 0.3 } ] }""");

        var (code, output, errors) = await Run.SourcenetAsync(
            "audit",
            s_retrofit,
            "-c",
            Run.Configuration,
            "--policy",
            policy,
            "--fail-on",
            "error",
            "--sarif",
            _folder.File("audit.sarif"));

        Assert.Equal((ExitCode.Findings, ""), (code, errors));
        Assert.Matches(@"DigitNet\.cs\(8,1\): error SN9001: at most 0\.3: Retrofit\.DigitNet has Dropout 0\.4 at .*, above 0\.3\.", output);
        Assert.Contains("\"ruleId\": \"SN9001\"", File.ReadAllText(_folder.File("audit.sarif")));
    }

    [Fact]
    public async Task A_model_is_explained_as_tables_and_as_a_graph()
    {
        await RestoreAsync(s_retrofit);

        var (code, output, errors) = await Run.SourcenetAsync("explain", "DigitNet", "--path", s_retrofit, "-c", Run.Configuration);

        Assert.Equal((ExitCode.Clean, ""), (code, errors));
        // No number of parameters: the graph does not know how often the loop over the blocks turns.
        Assert.StartsWith("Retrofit.DigitNet  hand-written, DigitNet.cs:8\n", output);
        Assert.Contains("│ blocks.0.1 ", output);
        Assert.Contains("│ stem       │ Linear      │ 64 -> 128  │           │ 8320       │", output);
        Assert.Matches("```mermaid\nflowchart TD\n    n0\\[\"input input\"\\]\n    n1\\[\".*Linear", output);
        Assert.EndsWith(" --> out([output])\n```\n", output);
    }

    [Fact]
    public async Task A_declared_model_is_explained_with_what_is_fused_and_why_the_rest_is_not()
    {
        var sample = Path.Combine(Run.Root, "samples", "QuickStart");
        await RestoreAsync(sample);

        var (code, output, errors) = await Run.SourcenetAsync("explain", "RegularizedCnn", "--path", sample, "-c", Run.Configuration);

        Assert.Equal((ExitCode.Clean, ""), (code, errors));
        Assert.Matches(@"│ hidden\.dropout +│ Dropout +│ dropout \(0\.5 by default\) +│ explicit +│", output);
        Assert.Matches(@"│ block1\.conv +│ Conv2d +│ .*│ norm, in eval mode +│", output);
        Assert.Matches(@"│ block1\.norm +│ BatchNorm2d +│ .*│ BatchNorm2d \+ ReLU +│", output);
        Assert.Matches(@"│ logits\.linear +│ Linear +│ .*│ no: libtorch's own is as fast +│", output);
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_answered_with_those_that_are()
    {
        await RestoreAsync(s_retrofit);

        var (code, _, errors) = await Run.SourcenetAsync("explain", "DigitsNet", "--path", s_retrofit, "-c", Run.Configuration);

        Assert.Equal(ExitCode.Usage, code);
        Assert.Contains("DigitsNet: expected a rule such as SN1001, or a model in Before.csproj; there are Retrofit.DigitNet", errors);
    }

    [Fact]
    public async Task An_augmentation_is_listed_with_its_changes_in_their_order()
    {
        var sample = Path.Combine(Run.Root, "samples", "Cifar10");
        await RestoreAsync(sample);

        var (code, output, errors) = await Run.SourcenetAsync("audit", sample, "-c", Run.Configuration, "--json", _folder.File("audit.json"));

        Assert.Equal((ExitCode.Clean, ""), (code, errors));
        Assert.Contains(
            "  images  RandomCrop size 32, padding 4  explicit\n  images  RandomHorizontalFlip p 0.5  explicit\n  images  ColorJitter brightness 0.2, "
                + "contrast 0.2, saturation 0.2  explicit\n  images  RandomErasing p 0.1  explicit\n",
            output);
        Assert.Contains("1 project, 1 model, 1 augmentation; 0 new", output);
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("audit.json")));
        Assert.Equal(
            "p 0.1",
            json.RootElement.GetProperty("regularization").GetProperty("regularization.Cifar10Experiment.GuideAugmentation.images.RandomErasing").GetString());
    }

    [Fact]
    public async Task A_project_for_two_frameworks_is_audited_for_both_and_a_shared_finding_is_one()
    {
        _folder.Write("Zwei.csproj", Project
            .Replace("<TargetFramework>net10.0</TargetFramework>", "<TargetFrameworks>net8.0;net10.0</TargetFrameworks>")
            .Replace("</Project>", $"<ItemGroup><Reference Include=\"{Run.TorchSharp}\" /></ItemGroup></Project>"));
        _folder.Write(
            "Klasse.cs",
            "using TorchSharp; class Klasse { object Bau(TorchSharp.Modules.Linear net) => torch.optim.Adam(net.parameters(), 1e-3, weight_decay: 0.01); }");
        await RestoreAsync();

        var (code, output, errors) = await Run.SourcenetAsync("audit", _folder.Path, "--json", _folder.File("audit.json"));

        Assert.Equal((ExitCode.Findings, ""), (code, errors));
        Assert.Contains("2 projects, 0 models; 1 new finding that fails", output);
        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("audit.json")));
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "SN2001");
        Assert.Equal(2, finding.GetProperty("projects").GetArrayLength());
    }

    [Fact]
    public async Task A_project_without_models_is_clean()
    {
        _folder.Write("Leer.csproj", Project);
        _folder.Write("Klasse.cs", "namespace Leer; public class Klasse;");
        await RestoreAsync();

        var (code, output, errors) = await Run.SourcenetAsync("audit", _folder.Path);

        Assert.Equal(("", ExitCode.Clean), (errors, code));
        Assert.Contains("1 project, 0 models; 0 new findings that fail", output);
    }

    [Fact]
    public async Task A_warning_of_the_build_does_not_keep_a_project_from_being_audited()
    {
        _folder.Write("Alt.csproj", Project.Replace(
            "</Project>",
            "<Target Name=\"Warn\" BeforeTargets=\"ResolveAssemblyReferences\"><Warning Text=\"a package is vulnerable\" Code=\"NU1903\" "
                + "/></Target></Project>"));
        _folder.Write("Klasse.cs", "namespace Alt; public class Klasse;");
        await RestoreAsync();

        var (code, output, errors) = await Run.SourcenetAsync("audit", _folder.Path);

        Assert.Equal(("", ExitCode.Clean), (errors, code));
        Assert.Contains("1 project, 0 models", output);
    }

    [Fact]
    public async Task Projects_of_other_languages_in_a_solution_are_passed_over()
    {
        Directory.CreateDirectory(_folder.File("Anders"));
        _folder.Write("Klasse.csproj", Project);
        _folder.Write("Klasse.cs", "namespace Klasse; public class Klasse;");
        _folder.Write("Anders/Anders.fsproj", Project);
        _folder.Write("Beide.slnx", """<Solution><Project Path="Anders/Anders.fsproj" /><Project Path="Klasse.csproj" /></Solution>""");
        await RestoreAsync(_folder.File("Klasse.csproj"));

        var (code, output, errors) = await Run.SourcenetAsync("audit", _folder.File("Beide.slnx"));

        Assert.Equal(("", ExitCode.Clean), (errors, code));
        Assert.Contains("1 project, 0 models", output);
    }

    [Theory]
    [InlineData("BeforeTargets=\"ResolveAssemblyReferences\"")]
    [InlineData("BeforeTargets=\"CoreCompile\"")]
    public async Task An_error_of_the_build_is_no_green_pass(string place)
    {
        _folder.Write(
            "Kaputt.csproj",
            Project.Replace("</Project>", $"<Target Name=\"Fail\" {place}><Error Text=\"a file cannot be generated\" /></Target></Project>"));
        _folder.Write("Klasse.cs", "namespace Kaputt; public class Klasse;");
        await RestoreAsync();

        var (code, _, errors) = await Run.SourcenetAsync("audit", _folder.Path);

        Assert.Equal(ExitCode.AnalysisFailed, code);
        Assert.Contains("a file cannot be generated", errors);
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
        _folder.Write(
            "Neu.csproj",
            Project.Replace("</Project>", "<ItemGroup><PackageReference Include=\"TorchSharp\" Version=\"0.107.0\" /></ItemGroup></Project>"));
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
