using System.Buffers.Binary;
using System.IO.Compression;
using QuickStart.Data;

namespace QuickStart.Tests;

/// <summary>Four IDX files with few images, and ways to spoil them.</summary>
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
        foreach (var (name, rank, count) in new[] { (TrainImages, 3, train), (TrainLabels, 1, train), (TestImages, 3, test), (TestLabels, 1, test) })
        {
            var whole = IdxFile.Read(FashionMnist.BundledFolder, name, rank);
            var perImage = whole.Values.Length / whole.Sizes[0];
            data.Write(name, Idx([count, .. whole.Sizes[1..]], whole.Values[..(count * perImage)]));
        }
        return data;
    }

    public void WriteImages(string name, int count, int height = 28, int width = 28) =>
        Write(name, Idx([count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i / (height * width)))]));

    public void Write(string name, byte[] content) => File.WriteAllBytes(Path(name), content);

    public void Pack(string name)
    {
        using (var packed = new GZipStream(File.Create(Path(name + ".gz")), CompressionLevel.Fastest))
            packed.Write(File.ReadAllBytes(Path(name)));
        File.Delete(Path(name));
    }

    public void Dispose() => folder.Dispose();

    public static byte[] Idx(int[] sizes, byte[] values)
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
