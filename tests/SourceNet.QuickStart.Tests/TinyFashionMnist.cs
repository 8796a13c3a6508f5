using System.Buffers.Binary;
using SourceNet.Training;

namespace QuickStart.Tests;

/// <summary>Four IDX files with few images.</summary>
internal sealed class TinyFashionMnist : IDisposable
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    private readonly TemporaryFolder folder = new();

    private TinyFashionMnist()
    {
    }

    public string Folder => folder.Path;

    public string Path(string name) => folder.File(name);

    /// <summary>The pixels are the number of the image, the labels count from 0 to 9 and over.</summary>
    public static TinyFashionMnist Counting(int train = 12, int test = 5)
    {
        var data = new TinyFashionMnist();
        data.WriteImages(TrainImages, train);
        data.WriteImages(TestImages, test);
        data.Write(TrainLabels, Idx([train], [.. Enumerable.Range(0, train).Select(i => (byte)(i % 10))]));
        data.Write(TestLabels, Idx([test], [.. Enumerable.Range(0, test).Select(i => (byte)(i % 10))]));
        return data;
    }

    /// <summary>The first images of those that come with the program.</summary>
    public static TinyFashionMnist FirstOfBundled(int train, int test)
    {
        var data = new TinyFashionMnist();
        data.WriteFirst(FashionMnist.Train(ExperimentSettings.BundledData), train, TrainImages, TrainLabels);
        data.WriteFirst(FashionMnist.Test(ExperimentSettings.BundledData), test, TestImages, TestLabels);
        return data;
    }

    private void WriteImages(string name, int count) =>
        Write(name, Idx([count, 28, 28], [.. Enumerable.Range(0, count * 28 * 28).Select(i => (byte)(i / (28 * 28)))]));

    private void WriteFirst(LabeledImages source, int count, string images, string labels)
    {
        using var all = source;
        var pixels = new byte[count * all.Shape.Count];
        for (var i = 0; i < count; i++)
            all.Read(i, pixels.AsSpan(i * all.Shape.Count, all.Shape.Count));
        Write(images, Idx([count, all.Shape.Height, all.Shape.Width], pixels));
        Write(labels, Idx([count], all.Labels[..count].ToArray()));
    }

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path(name), content);

    public void Dispose() => folder.Dispose();

    private static byte[] Idx(int[] sizes, byte[] values)
    {
        var file = new byte[4 + (4 * sizes.Length) + values.Length];
        file[2] = 0x08;
        file[3] = (byte)sizes.Length;
        for (var axis = 0; axis < sizes.Length; axis++)
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * axis)), sizes[axis]);
        values.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }
}
