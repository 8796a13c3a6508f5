using System.Buffers.Binary;

namespace SourceNet.Training.Tests.Data;

/// <summary>Four IDX files with few images.</summary>
internal static class IdxFiles
{
    internal const string TrainImages = "train-images-idx3-ubyte";
    internal const string TrainLabels = "train-labels-idx1-ubyte";
    internal const string TestImages = "t10k-images-idx3-ubyte";
    internal const string TestLabels = "t10k-labels-idx1-ubyte";

    internal static readonly string[] All = [TrainImages, TrainLabels, TestImages, TestLabels];

    /// <summary>The pixels are the number of the image, the labels count from 0 to 9 and over.</summary>
    internal static TemporaryFolder Counting(int train = 12, int test = 5)
    {
        var folder = new TemporaryFolder();
        folder.Write(TrainImages, Images(train));
        folder.Write(TestImages, Images(test));
        folder.Write(TrainLabels, Labels(train));
        folder.Write(TestLabels, Labels(test));
        return folder;
    }

    internal static byte[] Images(int count, int height = 28, int width = 28) =>
        Idx([count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i / (height * width)))]);

    internal static byte[] Labels(int count) => Idx([count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

    internal static byte[] Idx(int[] sizes, byte[] values)
    {
        var file = new byte[4 + (4 * sizes.Length) + values.Length];
        file[2] = 0x08;
        file[3] = (byte)sizes.Length;
        for (var axis = 0; axis < sizes.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + (4 * axis)), sizes[axis]);
        }

        values.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }
}
