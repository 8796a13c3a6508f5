using System.Diagnostics;

namespace SourceNet.Package.Tests;

/// <summary>The tool as a team installs it.</summary>
[Collection(nameof(Workplace))]
public class ToolTests(Workplace workplace)
{
    [Fact]
    public async Task It_audits_a_program_that_references_no_rules()
    {
        var program = workplace.Program("audited", "", ("Program.cs", """
            using TorchSharp;
            using static TorchSharp.torch;

            using var net = nn.Linear(4, 2);
            using var optimizer = optim.Adam(net.parameters(), 1e-3, weight_decay: 1e-2);
            """));
        await Dotnet.SucceedAsync(program, "restore");
        var tool = await workplace.ToolAsync("SourceNet.Tool");
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(tool, "sourcenet"),
            ["audit", program, "--sarif", Path.Combine(program, "audit.sarif")])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 1, output + await errors);
        // The project treats warnings as errors, here as in its build.
        Assert.Contains("Program.cs(5,58): error SN2001: ", output);
        Assert.Contains("\"ruleId\": \"SN2001\"", File.ReadAllText(Path.Combine(program, "audit.sarif")));
    }

    [Fact]
    public async Task Sweeps_run_and_are_plotted()
    {
        // The plot needs the native libraries that the package carries.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(workplace.PackageFile("SourceNet.Sweep"))!, "..", "sweep")).FullName;
        File.WriteAllText(Path.Combine(folder, "trial.sh"), "echo '{ \"metrics\": { \"score\": 1 } }' > \"$2\"\n");
        File.WriteAllText(
            Path.Combine(folder, "sweep.json"),
            """{ "name": "s", "command": ["sh", "trial.sh"], "parameters": { "rate": 0 }, "grids": [{ "rate": [0, 1] }], "output": "out" }""");
        var tool = await workplace.ToolAsync("SourceNet.Sweep");
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(tool, "sourcenet-sweep"),
            ["run", Path.Combine(folder, "sweep.json")])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.True(new FileInfo(Path.Combine(folder, "out", "results.png")).Length > 1000);
    }

    [Fact]
    public async Task What_the_compiler_writes_for_each_project_is_joined_to_the_same_findings_as_an_audit()
    {
        var program = workplace.Program("logged", Workplace.Package("SourceNet.Analyzers"), ("Program.cs", Sources.CoupledDecay));
        var logs = Path.Combine(program, "logs");
        await Dotnet.SucceedAsync(program, "build", "-p:TreatWarningsAsErrors=false", $"-p:SourceNetSarif={logs}");
        var tool = Path.Combine(await workplace.ToolAsync("SourceNet.Tool"), "sourcenet");

        var merged = await BaselineAsync(tool, program, "merge", logs, "--root", program);
        var audited = await BaselineAsync(tool, program, "audit", program);

        Assert.Equal(["logged.sarif"], Directory.GetFiles(logs).Select(Path.GetFileName));
        Assert.Contains("\"rule\": \"SN2001\"", merged);
        Assert.Equal(audited, merged);
    }

    private static async Task<string> BaselineAsync(string tool, string folder, params string[] arguments)
    {
        var file = Path.Combine(folder, $"{arguments[0]}.json");
        using var process = Process.Start(new ProcessStartInfo(tool, [.. arguments, "--write-baseline", file]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        return await File.ReadAllTextAsync(file);
    }
}
