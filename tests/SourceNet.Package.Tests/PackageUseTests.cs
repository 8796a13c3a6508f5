using System.Text.Json;

namespace SourceNet.Package.Tests;

[Collection(nameof(Workplace))]
public class PackageUseTests(Workplace workplace)
{
    [Fact]
    public async Task A_program_with_a_declared_model_builds_without_warnings_and_trains_a_step()
    {
        var folder = workplace.Program("Trains", "SourceNet", ("Classifier.cs", Sources.Model), ("Program.cs", Sources.OneStep));
        var output = Path.Combine(folder, "bin/Release/net10.0");

        await Dotnet.SucceedAsync(folder, "build", "-c", "Release");

        Assert.Matches(@"^loss \d\.\d{3}\s*$", await Dotnet.SucceedAsync(output, "Trains.dll"));
        Assert.Equal(["SourceNet.dll"], Directory.GetFiles(output, "SourceNet*.dll").Select(Path.GetFileName));
    }

    [Fact]
    public async Task The_compiler_gets_the_generator_and_the_analyzers_from_SourceNet() =>
        Assert.Equal(
            ["SourceNet.Analyzers/SourceNet.Analyzers.dll", "SourceNet.Analyzers/SourceNet.Modeling.dll", "SourceNet/SourceNet.Generators.dll", "SourceNet/SourceNet.Modeling.dll"],
            await ComponentsAsync("Declares", "SourceNet"));

    [Fact]
    public async Task The_compiler_gets_the_analyzers_alone_from_SourceNet_Analyzers() =>
        Assert.Equal(
            ["SourceNet.Analyzers/SourceNet.Analyzers.dll", "SourceNet.Analyzers/SourceNet.Modeling.dll"],
            await ComponentsAsync("Plain", "SourceNet.Analyzers"));

    /// <summary>Package and file name of each component of ours that the compiler would load.</summary>
    private async Task<IEnumerable<string>> ComponentsAsync(string program, string package)
    {
        var folder = workplace.Program(program, package);
        await Dotnet.SucceedAsync(folder, "restore");
        var items = await Dotnet.SucceedAsync(folder, "build", "--no-restore", "-t:ResolveLockFileAnalyzers", "-getItem:Analyzer");
        return JsonDocument.Parse(items).RootElement.GetProperty("Items").GetProperty("Analyzer").EnumerateArray()
            .Where(item => item.TryGetProperty("NuGetPackageId", out var id) && id.GetString()!.StartsWith("SourceNet", StringComparison.Ordinal))
            .Select(item => $"{item.GetProperty("NuGetPackageId").GetString()}/{item.GetProperty("Filename").GetString()}.dll")
            .Order(StringComparer.Ordinal);
    }
}
