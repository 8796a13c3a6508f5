using System.Runtime.CompilerServices;
using SkiaSharp;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Data.Tests;

/// <summary>The examples of docs/data.md, compiled and run; each of their lines stands in this file.</summary>
public sealed class DataPageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string before = Directory.GetCurrentDirectory();

    public DataPageTests() => Directory.SetCurrentDirectory(folder.Path);

    public void Dispose()
    {
        Directory.SetCurrentDirectory(before);
        folder.Dispose();
    }

    [Fact]
    public void Every_line_of_the_examples_is_compiled_here()
    {
        var here = Lines(File.ReadAllText(ThisFile())).ToHashSet();
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../docs/data.md"));
        var examples = page.Split("```csharp").Skip(1).SelectMany(part => Lines(part[..part.IndexOf("```", StringComparison.Ordinal)])).ToList();

        Assert.True(examples.Count > 20);
        Assert.All(examples, line => Assert.Contains(line, here));
    }

    [Fact]
    public void Splits()
    {
        using var scans = rand(8, 3);
        using var diagnoses = zeros(8, dtype: ScalarType.Int64);
        string[] patients = ["p1", "p1", "p2", "p3", "p3", "p4", "p5", "p5"];
        int[] ill = [0, 0, 1, 0, 1, 1, 0, 0];
        var split = DataSplit.StratifiedGrouped(ill, patients, validation: 0.2, test: 0.2, seed: 1);
        var batches = new TensorBatches(scans, diagnoses, size: 2, seed: 1, sampler: Sampler.Shuffled(split.Train));
        foreach (var fold in KFold.Grouped(patients, folds: 3, seed: 1))
        {
            Console.WriteLine($"{fold.Train.Count} to learn from, {fold.Validation.Count} to measure on");
        }

        Assert.Equal((split.Train.Count + 1) / 2, batches.Count);
        Assert.Equal(split.Train.Count, Sampler.ClassBalanced([.. split.Train.Select(index => ill[index])], indices: split.Train).Count);
    }

    [Fact]
    public void Text()
    {
        int[] tokens = [.. "to be or not to be, that is the question".Select(character => (int)character)];
        var (train, validation) = TextWindows.Split(tokens, validation: 0.3);
        var windows = new TextWindows(train, length: 8, size: 4, stride: 1, seed: 1, shuffle: true);
        var measured = new TextWindows(validation, length: 8, size: 4);

        Assert.Equal((20, 1), (windows.Windows, measured.Windows));
    }

    [Fact]
    public void Images()
    {
        foreach (var part in new[] { "train", "validation" })
        {
            Directory.CreateDirectory($"photos/{part}/cat");
            File.WriteAllBytes($"photos/{part}/cat/1.png", Pictures.Plain(new SKColor(10, 20, 30), 80, 70));
        }

        var photos = ImageFolder.Load("photos/train", height: 64, width: 64);
        var unseen = ImageFolder.Load("photos/validation", height: 64, width: 64, new() { Classes = photos.ClassNames });
        var train = new Batches(photos, new SmallPhotos(), size: 32, seed: 1, shuffle: true, prefetch: 4);
        var validation = new Batches(unseen, new SmallPhotos().Normalize!, size: 64);

        Assert.Equal([1, 3, 56, 56], train.Epoch(1).Select(batch => batch.Images.shape).Single());
        Assert.Equal([1, 3, 64, 64], validation.Epoch(1).Select(batch => batch.Images.shape).Single());
        using var pictures = randint(0, 256, [2, 3, 300, 280], dtype: ScalarType.Byte);
        using var changed = new PhotoAugmentation().Apply(pictures);
        Assert.Equal([2, 3, 224, 224], changed.shape);
    }

    [Fact]
    public void Tables()
    {
        var rows = Enumerable.Range(0, 24).Select(row => $"{(row % 5 == 0 ? "NA" : row)},{row},{(row % 3 == 0 ? "S" : "C")},{row % 2}\n");
        File.WriteAllText("passengers.csv", "age,fare,port,survived\n" + string.Concat(rows));
        var table = Table.ReadCsv("passengers.csv", missing: ["NA"]);
        var split = DataSplit.Stratified(table.Texts("survived"), validation: 0.25, seed: 1);
        var encoder = TableEncoder.Fit(
            table,
            split.Train,
            [Feature.Number("age", MissingValues.Median, standardize: true), Feature.Number("fare", MissingValues.Indicator), Feature.Category("port")],
            Target.Class("survived"));
        using var train = encoder.Encode(table, split.Train);
        using var validation = encoder.Encode(table, split.Validation);
        var batches = train.Batches(size: 16, seed: 1, shuffle: true);

        Assert.Equal([16, 6], batches.Epoch(1).Select(batch => batch.Inputs.shape).First());
        Assert.Equal([6, 6], validation.Inputs.shape);
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

[Augmentation, RandomResizedCrop(224, MinScale = 0.35), RandomHorizontalFlip, RandAugment(2, 9), RandomErasing(0.25)]
[Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])]
public sealed partial class PhotoAugmentation;

/// <summary>For small photographs.</summary>
[Augmentation, RandomCrop(56), RandomHorizontalFlip, Normalize([0.5, 0.5, 0.5], [0.25, 0.25, 0.25])]
public sealed partial class SmallPhotos;
