using System.Text.Json;

namespace SourceNet.Package.Tests;

[Collection(nameof(Workplace))]
public class PackageUseTests(Workplace workplace)
{
    [Fact]
    public async Task A_program_with_a_declared_model_builds_without_warnings_and_trains_a_step()
    {
        var folder = workplace.Program("Trains", Workplace.Package("SourceNet"), ("Classifier.cs", Sources.Model), ("Program.cs", Sources.OneStep));
        var output = Path.Combine(folder, "bin/Release/net10.0");

        var build = await Dotnet.SucceedAsync(folder, "build", "-c", "Release");

        Assert.Contains(" 0 Warning(s)", build);
        Assert.Matches(@"^loss \d\.\d{3}\s*$", await Dotnet.SucceedAsync(output, "Trains.dll"));
        Assert.Equal(["SourceNet.dll"], Directory.GetFiles(output, "SourceNet*.dll").Select(Path.GetFileName));
        // A rebuild cleans what the build had prepared.
        await Dotnet.SucceedAsync(folder, "build", "-c", "Release", "--no-restore", "--no-incremental");
    }

    [Fact]
    public async Task A_program_that_installs_SourceNet_Training_alone_declares_augments_and_trains()
    {
        var folder = workplace.Program("Learns", Workplace.Package("SourceNet.Training"), ("Program.cs", """
            using SourceNet;
            using SourceNet.Training;
            using static TorchSharp.torch;

            using var model = new Classifier();
            using var images = new LabeledImages([.. Enumerable.Range(0, 8 * 16).Select(place => (byte)place)], [0, 1, 2, 0, 1, 2, 0, 1], new(1, 4, 4), classes: 3);
            var history = new Trainer(model, new() { Epochs = 2 }).Fit(new Batches(images, new Flipped(), 4, seed: 1, shuffle: true));
            Console.WriteLine($"epochs {history.Epochs.Count}");

            [Model, Input(1, 4, 4)]
            internal sealed partial class Classifier
            {
                [Flatten, Linear(3), Output]
                private partial Tensor Logits(Tensor x);
            }

            [Augmentation, RandomHorizontalFlip]
            internal sealed partial class Flipped;
            """));
        var output = Path.Combine(folder, "bin/Release/net10.0");

        Assert.Contains(" 0 Warning(s)", await Dotnet.SucceedAsync(folder, "build", "-c", "Release"));
        Assert.Matches(@"^epochs 2\s*$", await Dotnet.SucceedAsync(output, "Learns.dll"));
    }

    [Fact]
    public async Task A_program_that_installs_SourceNet_Data_alone_reads_tables_and_decodes_images()
    {
        var folder = workplace.Program("Reads", Workplace.Package("SourceNet.Data"), ("Program.cs", """
            using SourceNet.Data;
            using SourceNet.Training;

            File.WriteAllText("table.csv", "x,y\n1,no\n2,yes\n");
            var table = Table.ReadCsv("table.csv");
            using var encoded = TableEncoder.Fit(table, [0, 1], [Feature.Number("x")], Target.Class("y")).Encode(table);
            Directory.CreateDirectory("images/a");
            // A red pixel as BMP: header, size, one row of blue, green and red, padded to four bytes.
            byte[] header = [.. "BM"u8, 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0];
            File.WriteAllBytes("images/a/1.bmp", [.. header, .. new byte[24], 0, 0, 255, 0]);
            using var images = ImageFolder.Load("images", 1, 1).InMemory();
            var image = new byte[3];
            images.Read(0, image);
            Console.WriteLine($"batches {encoded.Batches(1).Count}, red {image[0]}, {image[1]}, {image[2]}, {new Augmented().OutputShape(images.Shape)}");

            [Augmentation, TrivialAugment]
            internal sealed partial class Augmented;
            """));
        var output = Path.Combine(folder, "bin/Release/net10.0");

        Assert.Contains(" 0 Warning(s)", await Dotnet.SucceedAsync(folder, "build", "-c", "Release"));
        Assert.Matches(@"^batches 2, red 255, 0, 0, \[3, 1, 1\]\s*$", await Dotnet.SucceedAsync(output, "Reads.dll"));
    }

    [Fact]
    public async Task A_declaration_with_a_mistake_fails_the_build_at_the_line_of_the_attribute()
    {
        var folder = workplace.Program(
            "Fails",
            Workplace.Package("SourceNet"),
            ("Classifier.cs", Sources.ModelWithAMistake),
            ("Program.cs", "using var model = new Classifier();"));

        var (exitCode, output) = await Dotnet.RunAsync(folder, "build", "-c", "Release");

        Assert.NotEqual(0, exitCode);
        var line = Array.FindIndex(Sources.ModelWithAMistake.Split('\n'), text => text.Contains("Linear(3)")) + 1;
        // The mistake alone: what is generated around it compiles.
        var error = Assert.Single(output
            .Split('\n')
            .Where(text => text.Contains(": error ") || text.Contains(": warning "))
            .Select(text => text.Trim())
            .Distinct());
        Assert.Contains($"Classifier.cs({line},", error);
        Assert.Contains("error SN6010: Linear works on the last axis, found channels first [8, 30, 30]", error);
    }

    [Fact]
    public async Task A_block_of_a_wrong_signature_is_explained_by_the_rule_and_not_by_the_compiler()
    {
        var folder = workplace.Program(
            "Misdeclares",
            Workplace.Package("SourceNet"),
            ("Classifier.cs", Sources.ModelWithAWrongSignature),
            ("Program.cs", "using var model = new Classifier();"));

        var (exitCode, output) = await Dotnet.RunAsync(folder, "build", "-c", "Release");

        Assert.NotEqual(0, exitCode);
        var errors = output.Split('\n').Where(text => text.Contains(": error ") || text.Contains(": warning ")).Select(text => text.Trim()).Distinct().ToList();
        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.Contains(
            "error SN6003: Block 'Logits' must take one Tensor and return a Tensor, 'private partial Tensor Logits(Tensor x);', found 'Tensor? Logits(Tensor "
                + "x, Tensor? mask)'"));
        Assert.Contains(errors, error => error.Contains("error SN6001: 'Settings' is a record"));
    }

    [Fact]
    public async Task The_compiler_gets_the_generator_and_the_analyzers_from_SourceNet() =>
        Assert.Equal(
            [
                "SourceNet.Analyzers/SourceNet.Analyzers.dll",
                "SourceNet.Analyzers/SourceNet.CodeFixes.dll",
                "SourceNet.Analyzers/SourceNet.Modeling.dll",
                "SourceNet/SourceNet.Generators.dll",
                "SourceNet/SourceNet.Modeling.dll"
            ],
            await ComponentsAsync("Declares", "SourceNet"));

    [Fact]
    public async Task The_compiler_gets_the_analyzers_alone_from_SourceNet_Analyzers() =>
        Assert.Equal(
            ["SourceNet.Analyzers/SourceNet.Analyzers.dll", "SourceNet.Analyzers/SourceNet.CodeFixes.dll", "SourceNet.Analyzers/SourceNet.Modeling.dll"],
            await ComponentsAsync("Plain", "SourceNet.Analyzers"));

    [Theory]
    [InlineData("Always", "obj/Debug/net10.0/LibTorchSharp/runtimes/linux-x64/native/libLibTorchSharp.so")]
    [InlineData("false", "runtimes/linux-x64/native/libLibTorchSharp.so")]
    public async Task The_repair_of_the_native_library_reaches_a_program_through_another_project(string repair, string expected)
    {
        workplace.Program("Library" + repair, Workplace.Package("SourceNet"));
        var folder = workplace.Program("Program" + repair, Workplace.Project("Library" + repair));
        await Dotnet.SucceedAsync(folder, "restore");

        var items = await ItemsAsync(folder, "ResolveLockFileCopyLocalFiles", "RuntimeTargetsCopyLocalItems", "-p:RepairLibTorchSharp=" + repair);

        var library = items
            .Select(item => item.GetProperty("Identity").GetString()!)
            .Single(path => path.EndsWith("libLibTorchSharp.so", StringComparison.Ordinal));
        Assert.EndsWith(expected, library);
        Assert.Equal(repair != "Always", library.StartsWith(Repository.Packages, StringComparison.Ordinal));
    }

    /// <summary>Package and file name of each component of ours that the compiler would load.</summary>
    private async Task<IEnumerable<string>> ComponentsAsync(string program, string package)
    {
        var folder = workplace.Program(program, Workplace.Package(package));
        await Dotnet.SucceedAsync(folder, "restore");
        return (await ItemsAsync(folder, "ResolveLockFileAnalyzers", "Analyzer"))
            .Where(item => item.TryGetProperty("NuGetPackageId", out var id) && id.GetString()!.StartsWith("SourceNet", StringComparison.Ordinal))
            .Select(item => $"{item.GetProperty("NuGetPackageId").GetString()}/{item.GetProperty("Filename").GetString()}.dll")
            .Order(StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(string folder, string target, string name, params string[] more)
    {
        var json = await Dotnet.SucceedAsync(folder, ["build", "--no-restore", "-t:" + target, "-getItem:" + name, .. more]);
        return [.. JsonDocument.Parse(json).RootElement.GetProperty("Items").GetProperty(name).EnumerateArray()];
    }
}
