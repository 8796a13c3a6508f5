using System.IO.Compression;
using System.Xml.Linq;

namespace SourceNet.Package.Tests;

[Collection(nameof(Workplace))]
public class PackageContentTests(Workplace workplace)
{
    [Fact]
    public void SourceNet_holds_the_library_the_generator_and_the_targets()
    {
        Assert.Equal(
            [
                "README.md",
                "SourceNet.nuspec",
                "analyzers/dotnet/cs/SourceNet.Generators.dll",
                "analyzers/dotnet/cs/SourceNet.Modeling.dll",
                "build/RepairLibTorchSharp.cs",
                "build/SourceNet.targets",
                "buildTransitive/RepairLibTorchSharp.cs",
                "buildTransitive/SourceNet.targets",
                "lib/net8.0/SourceNet.dll",
                "lib/net8.0/SourceNet.xml",
            ],
            Content("SourceNet"));
    }

    [Fact]
    public void SourceNet_Training_holds_a_library_and_brings_SourceNet_with_its_components_along()
    {
        Assert.Equal(
            ["README.md", "SourceNet.Training.nuspec", "lib/net8.0/SourceNet.Training.dll", "lib/net8.0/SourceNet.Training.xml"],
            Content("SourceNet.Training"));

        var dependencies = Metadata("SourceNet.Training")
            .Descendants()
            .Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => e.Attribute("id")!.Value);
        Assert.Equal(["SourceNet", "Spectre.Console", "TorchSharp"], dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((Repository.Version, "All", null), (
            dependencies["SourceNet"].Attribute("version")!.Value,
            dependencies["SourceNet"].Attribute("include")?.Value,
            dependencies["SourceNet"].Attribute("exclude")?.Value));
    }

    [Fact]
    public void SourceNet_Data_holds_a_library_and_brings_Training_and_its_decoders_along()
    {
        Assert.Equal(["README.md", "SourceNet.Data.nuspec", "lib/net8.0/SourceNet.Data.dll", "lib/net8.0/SourceNet.Data.xml"], Content("SourceNet.Data"));

        var dependencies = Metadata("SourceNet.Data").Descendants().Where(e => e.Name.LocalName == "dependency").ToDictionary(e => e.Attribute("id")!.Value);
        Assert.Equal(["Parquet.Net", "Sep", "SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "SourceNet.Training"],
            dependencies.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((Repository.Version, "All"), (dependencies["SourceNet.Training"].Attribute("version")!.Value,
            dependencies["SourceNet.Training"].Attribute("include")?.Value));
    }

    [Fact]
    public void SourceNet_depends_on_TorchSharp_and_its_own_analyzers_alone() =>
        Assert.Equal(
            ["SourceNet.Analyzers", "TorchSharp"],
            Metadata("SourceNet")
                .Descendants()
                .Where(e => e.Name.LocalName == "dependency")
                .Select(e => e.Attribute("id")!.Value)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void SourceNet_Analyzers_holds_components_and_presets_and_no_library()
    {
        Assert.Equal(
            [
                "README.md",
                "SourceNet.Analyzers.nuspec",
                "analyzers/dotnet/cs/SourceNet.Analyzers.dll",
                "analyzers/dotnet/cs/SourceNet.CodeFixes.dll",
                "analyzers/dotnet/cs/SourceNet.Modeling.dll",
                "build/SourceNet.Analyzers.audit.globalconfig",
                "build/SourceNet.Analyzers.default.globalconfig",
                "build/SourceNet.Analyzers.strict.globalconfig",
                "build/SourceNet.Analyzers.targets",
                "buildTransitive/SourceNet.Analyzers.audit.globalconfig",
                "buildTransitive/SourceNet.Analyzers.default.globalconfig",
                "buildTransitive/SourceNet.Analyzers.strict.globalconfig",
                "buildTransitive/SourceNet.Analyzers.targets",
            ],
            Content("SourceNet.Analyzers"));
    }

    [Fact]
    public void SourceNet_brings_its_analyzers_along_in_the_same_version()
    {
        var dependency = Metadata("SourceNet").Descendants().Single(e => e.Name.LocalName == "dependency" && e.Attribute("id")!.Value == "SourceNet.Analyzers");

        Assert.Equal($"[{Repository.Version}]", dependency.Attribute("version")!.Value);
        Assert.Equal("All", dependency.Attribute("include")!.Value);
        Assert.Null(dependency.Attribute("exclude"));
    }

    [Fact]
    public void SourceNet_Analyzers_is_a_development_dependency_and_depends_on_nothing()
    {
        var metadata = Metadata("SourceNet.Analyzers");

        Assert.Equal("true", metadata.Descendants().Single(e => e.Name.LocalName == "developmentDependency").Value);
        Assert.DoesNotContain(metadata.Descendants(), e => e.Name.LocalName == "dependency");
    }

    [Theory]
    [InlineData("SourceNet")]
    [InlineData("SourceNet.Training")]
    [InlineData("SourceNet.Data")]
    [InlineData("SourceNet.Analyzers")]
    public void Every_package_says_what_it_is(string id)
    {
        var metadata = Metadata(id).Descendants().Where(e => !e.HasElements).ToLookup(e => e.Name.LocalName, e => e.Value);

        Assert.Equal("SourceNet contributors", metadata["authors"].Single());
        Assert.Equal("MIT", metadata["license"].Single());
        Assert.Equal("README.md", metadata["readme"].Single());
        Assert.Contains("torchsharp", metadata["tags"].Single().Split(' '));
        Assert.Contains("TorchSharp", metadata["description"].Single());
    }

    [Theory]
    [InlineData("SourceNet")]
    [InlineData("SourceNet.Training")]
    [InlineData("SourceNet.Data")]
    [InlineData("SourceNet.Analyzers")]
    public void No_assembly_tells_where_it_was_built(string id)
    {
        using var package = ZipFile.OpenRead(workplace.PackageFile(id));
        foreach (var assembly in package.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)))
        {
            using var stream = assembly.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            Assert.DoesNotContain(Repository.Root, System.Text.Encoding.Latin1.GetString(bytes.ToArray()), StringComparison.Ordinal);
        }
    }

    private string[] Content(string id)
    {
        using var package = ZipFile.OpenRead(workplace.PackageFile(id));
        return package.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal)
                && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)
            .ToArray();
    }

    private XDocument Metadata(string id)
    {
        using var package = ZipFile.OpenRead(workplace.PackageFile(id));
        using var stream = package.GetEntry(id + ".nuspec")!.Open();
        return XDocument.Load(stream);
    }
}
