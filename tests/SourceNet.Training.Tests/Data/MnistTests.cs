using static SourceNet.Training.Tests.Data.IdxFiles;

namespace SourceNet.Training.Tests.Data;

public class MnistTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_and_packed_files_give_the_same_images(bool packed)
    {
        using var folder = Counting();
        if (packed)
        {
            Array.ForEach(All, folder.Pack);
        }

        using var train = Mnist.Train(folder.Path);
        using var test = FashionMnist.Test(folder.Path);

        Assert.Equal((12, new ImageShape(1, 28, 28), 10), (train.Count, train.Shape, train.Classes));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1], train.Labels.ToArray());
        Assert.Equal(5, test.Count);
        var image = new byte[28 * 28];
        train.Read(11, image);
        Assert.All(image, pixel => Assert.Equal(11, pixel));
    }

    [Fact]
    public void The_plain_file_wins()
    {
        using var folder = Counting();
        folder.Write(TrainImages + ".gz", [1, 2, 3]);

        using var train = Mnist.Train(folder.Path);

        Assert.Equal(12, train.Count);
    }

    [Fact]
    public void A_missing_file_is_named_with_what_to_fetch_and_where_to_put_it()
    {
        using var folder = Counting();
        File.Delete(folder.File(TestLabels));

        var error = Assert.Throws<FileNotFoundException>(() => Mnist.Test(folder.Path));

        Assert.StartsWith($"{folder.Path}: expected the file {TestLabels} or {TestLabels}.gz, found neither. Fetch ", error.Message);
        Assert.Contains("t10k-labels-idx1-ubyte.gz from \"The MNIST database of handwritten digits\"", error.Message);
        Assert.EndsWith("put them into this directory, packed or unpacked.", error.Message);
    }

    [Fact]
    public void A_missing_directory_is_told_like_a_missing_file()
    {
        var error = Assert.Throws<FileNotFoundException>(() => FashionMnist.Train("nowhere"));

        Assert.StartsWith($"nowhere: expected the file {TrainImages}", error.Message);
        Assert.Contains("Zalando Research", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wrong_magic_number_is_told(bool packed)
    {
        using var folder = Counting();
        folder.Write(TrainImages, folder.Read(TrainLabels));
        var name = Packed(folder, TrainImages, packed);

        AssertRejected(folder, name, "expected the magic number 0x00000803", "found 0x00000801");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_shorter_than_its_header_is_told(bool packed)
    {
        using var folder = Counting();
        folder.Write(TrainImages, [0, 0, 8, 3, 0]);
        var name = Packed(folder, TrainImages, packed);

        AssertRejected(folder, name, "expected a header of 16 bytes", "found a file of 5 bytes");
    }

    [Theory]
    [InlineData(TrainImages, "expected a header of 16 bytes")]
    [InlineData(TrainLabels, "expected a header of 8 bytes")]
    public void An_empty_file_is_told(string name, string expected)
    {
        using var folder = Counting();
        folder.Write(name, []);

        AssertRejected(folder, name, expected, "found a file of 0 bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_truncated_file_is_told(bool packed)
    {
        using var folder = Counting();
        folder.Write(TrainImages, folder.Read(TrainImages)[..^1]);
        var name = Packed(folder, TrainImages, packed);

        AssertRejected(folder, name, "expected 12 x 28 x 28 = 9408 values after the header", "found 9407 (truncated?)");
    }

    [Fact]
    public void Bytes_after_the_last_image_are_told()
    {
        using var folder = Counting();
        folder.Write(TrainImages, [.. folder.Read(TrainImages), 0]);

        AssertRejected(folder, TrainImages, "expected 12 x 28 x 28 = 9408 values after the header", "found 9409");
    }

    [Fact]
    public void An_empty_set_is_told()
    {
        using var folder = Counting();
        folder.Write(TrainImages, Idx([0, 28, 28], []));

        AssertRejected(folder, TrainImages, "expected a size of at least 1 on axis 0", "found 0");
    }

    [Fact]
    public void A_header_that_promises_more_than_there_is_asks_for_no_memory()
    {
        using var folder = Counting();
        folder.Write(TrainImages, Idx([int.MaxValue, int.MaxValue, int.MaxValue], [1, 2, 3]));
        folder.Pack(TrainImages);

        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected(folder, TrainImages + ".gz", "expected 2147483647 x 2147483647 x 2147483647", "found 3 (truncated?)");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(10)]
    [InlineData(8)]
    [InlineData(3)]
    [InlineData(1)]
    public void A_truncated_gz_file_is_told(int missing)
    {
        using var folder = Counting();
        folder.Pack(TrainImages);
        folder.Write(TrainImages + ".gz", folder.Read(TrainImages + ".gz")[..^missing]);

        AssertRejected(folder, TrainImages + ".gz", "expected a complete gzip file", "truncated");
    }

    [Fact]
    public void No_truncation_of_a_gz_file_goes_unnoticed()
    {
        using var folder = Counting(1, 1);
        folder.Pack(TrainImages);
        var packed = folder.Read(TrainImages + ".gz");
        for (var length = 0; length < packed.Length; length++)
        {
            folder.Write(TrainImages + ".gz", packed[..length]);
            AssertRejected(folder, TrainImages + ".gz", "expected a complete gzip file", "truncated");
        }
    }

    [Fact]
    public void A_gz_file_whose_checksum_is_wrong_is_told()
    {
        using var folder = Counting();
        folder.Pack(TrainImages);
        var packed = folder.Read(TrainImages + ".gz");
        packed[^8] ^= 1;
        folder.Write(TrainImages + ".gz", packed);

        AssertRejected(folder, TrainImages + ".gz", "expected a complete gzip file", "damaged");
    }

    [Fact]
    public void A_gz_file_that_is_none_is_told()
    {
        using var folder = Counting();
        File.Move(folder.File(TrainImages), folder.File(TrainImages + ".gz"));

        AssertRejected(folder, TrainImages + ".gz", "expected a complete gzip file", "damaged");
    }

    [Fact]
    public void Images_of_another_size_are_told()
    {
        using var folder = Counting();
        folder.Write(TrainImages, Images(12, 32, 24));

        AssertRejected(folder, TrainImages, "expected images of 28 x 28 pixels", "found 32 x 24");
    }

    [Fact]
    public void More_labels_than_images_are_told()
    {
        using var folder = Counting();
        folder.Write(TrainImages, Images(11));

        AssertRejected(folder, TrainLabels, $"expected 11 labels, one for each image in {TrainImages}", "found 12");
    }

    [Fact]
    public void A_label_out_of_range_is_told()
    {
        using var folder = Counting();
        folder.Write(TrainLabels, Idx([12], [0, 9, 10, 3, 4, 0, 0, 0, 0, 0, 0, 0]));

        AssertRejected(folder, TrainLabels, "expected labels from 0 to 9", "found 10 at index 2");
    }

    [Fact]
    public void Files_that_were_rejected_are_closed()
    {
        using var folder = Counting();
        folder.Write(TrainLabels, []);
        Assert.Throws<InvalidDataException>(() => Mnist.Train(folder.Path));

        // Opening it for oneself alone fails while anybody has it open.
        using var alone = new FileStream(folder.File(TrainImages), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private static string Packed(TemporaryFolder folder, string name, bool packed)
    {
        if (!packed)
        {
            return name;
        }

        folder.Pack(name);
        return name + ".gz";
    }

    private static void AssertRejected(TemporaryFolder folder, string name, string expected, string found)
    {
        var error = Assert.Throws<InvalidDataException>(() => Mnist.Train(folder.Path));

        Assert.StartsWith(folder.File(name) + ": ", error.Message);
        Assert.Contains(expected, error.Message);
        Assert.Contains(found, error.Message);
    }
}
