namespace SourceNet.Package.Tests;

/// <summary>The property SourceNetRules in a program that uses TorchSharp and declares nothing.</summary>
[Collection(nameof(Workplace))]
public class PresetTests(Workplace workplace)
{
    // Otherwise every warning would be an error.
    private const string OwnSeverities = "-p:TreatWarningsAsErrors=false";

    [Theory]
    [InlineData("warning")]
    [InlineData("warning", "-p:SourceNetRules=default")]
    [InlineData("error", "-p:SourceNetRules=strict")]
    [InlineData("error", "-p:SourceNetRules=Strict")]
    [InlineData("warning", "-p:SourceNetRules=audit")]
    public async Task The_preset_decides_what_a_finding_is(string severity, params string[] properties)
    {
        var (exitCode, output) = await BuildAsync("SourceNet.Analyzers", [("Program.cs", Sources.CoupledDecay)], properties);

        Assert.Equal(severity == "error", exitCode != 0);
        Assert.Contains($"Program.cs(4,60): {severity} SN2001: ", output);
    }

    [Fact]
    public async Task An_editorconfig_comes_before_the_preset()
    {
        var (exitCode, output) = await BuildAsync(
            "SourceNet.Analyzers",
            [("Program.cs", Sources.CoupledDecay), (".editorconfig", "[*.cs]\ndotnet_diagnostic.SN2001.severity = none\n")],
            "-p:SourceNetRules=strict");

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("SN2001", output);
    }

    [Fact]
    public async Task The_preset_reaches_a_program_by_way_of_SourceNet()
    {
        var (exitCode, output) = await BuildAsync("SourceNet", [("Program.cs", Sources.CoupledDecay)], "-p:SourceNetRules=strict");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error SN2001: ", output);
    }

    [Fact]
    public async Task A_preset_that_does_not_exist_is_an_error_that_names_those_that_do()
    {
        var (exitCode, output) = await BuildAsync("SourceNet.Analyzers", [("Program.cs", Sources.CoupledDecay)], "-p:SourceNetRules=harsh");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("error : The property SourceNetRules is 'harsh'. It must be default, strict or audit.", output);
    }

    [Fact]
    public async Task The_rules_alone_add_nothing_to_the_program()
    {
        var folder = workplace.Program("Alone", Workplace.Package("SourceNet.Analyzers"), ("Program.cs", Sources.CoupledDecay));
        await Dotnet.SucceedAsync(folder, "build", "-c", "Release", OwnSeverities);

        Assert.Empty(Directory.GetFiles(Path.Combine(folder, "bin"), "*SourceNet*", SearchOption.AllDirectories));
        Assert.DoesNotContain("SourceNet", await File.ReadAllTextAsync(Path.Combine(folder, "bin/Release/net10.0/Alone.deps.json")));
    }

    private async Task<(int ExitCode, string Output)> BuildAsync(string package, (string File, string Source)[] sources, params string[] properties)
    {
        var folder = workplace.Program("Preset" + Guid.NewGuid().ToString("N"), Workplace.Package(package), sources);
        return await Dotnet.RunAsync(folder, ["build", "-c", "Release", OwnSeverities, .. properties]);
    }
}
