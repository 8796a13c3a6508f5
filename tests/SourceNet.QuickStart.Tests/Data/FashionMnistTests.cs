using QuickStart.Data;
using static QuickStart.Tests.TinyFashionMnist;

namespace QuickStart.Tests.Data;

public class FashionMnistTests
{
    [Fact]
    public void The_bundled_set_is_complete()
    {
        var data = FashionMnist.Load(FashionMnist.BundledFolder);

        Assert.Equal(4000, data.Train.Count);
        Assert.Equal(1000, data.Test.Count);
        Assert.True(File.Exists(Path.Combine(FashionMnist.BundledFolder, "COPYRIGHT")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_and_packed_files_give_the_same_batches(bool packed)
    {
        using var files = Counting();
        if (packed)
        {
            foreach (var name in new[] { TrainImages, TrainLabels, TestImages, TestLabels })
                files.Pack(name);
        }

        var (images, labels) = FashionMnist.Load(files.Folder).Train.Batch([11, 3]);

        Assert.Equal([2, 1, 28, 28], images.shape);
        Assert.Equal([1L, 3L], labels.data<long>().ToArray());
        Assert.All(images[0].data<float>().ToArray(), value => Assert.Equal(((11 / 255f) - 0.2860f) / 0.3530f, value, 1e-6f));
        Assert.All(images[1].data<float>().ToArray(), value => Assert.Equal(((3 / 255f) - 0.2860f) / 0.3530f, value, 1e-6f));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Assert.ThrowsAny<IOException>(() => FashionMnist.Load("nowhere"));

        Assert.Contains("nowhere", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named_with_both_its_names()
    {
        using var files = Counting();
        File.Delete(files.Path(TestLabels));

        var error = Assert.ThrowsAny<IOException>(() => FashionMnist.Load(files.Folder));

        Assert.Equal($"{files.Folder}: expected the file {TestLabels} or {TestLabels}.gz, found neither", error.Message);
    }

    [Fact]
    public void A_wrong_magic_number_is_told()
    {
        using var files = Counting();
        File.Copy(files.Path(TrainLabels), files.Path(TrainImages), overwrite: true);

        AssertRejected(files, TrainImages, "expected the magic number 0x00000803", "found 0x00000801");
    }

    [Fact]
    public void A_file_shorter_than_its_header_is_told()
    {
        using var files = Counting();
        files.Write(TrainImages, [0, 0, 8, 3, 0]);

        AssertRejected(files, TrainImages, "expected a header of 16 bytes", "found a file of 5 bytes");
    }

    [Fact]
    public void An_empty_set_is_told()
    {
        using var files = Counting();
        files.Write(TrainImages, Idx([0, 28, 28], []));

        AssertRejected(files, TrainImages, "expected a size of at least 1 on axis 0", "found 0");
    }

    [Fact]
    public void A_header_that_promises_gigabytes_asks_for_no_memory()
    {
        using var files = Counting();
        files.Write(TrainImages, Idx([2_000_000, 28, 28], [1, 2, 3]));

        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRejected(files, TrainImages, "expected 2000000 x 28 x 28 = 1568000000 values", "found 3 (truncated?)");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_header_that_no_array_can_hold_is_told()
    {
        using var files = Counting();
        files.Write(TrainImages, Idx([int.MaxValue, int.MaxValue, int.MaxValue], []));

        AssertRejected(files, TrainImages, "expected at most", "2147483647 x 2147483647 x 2147483647");
    }

    [Fact]
    public void Bytes_after_the_last_image_are_told()
    {
        using var files = Counting();
        files.Write(TrainImages, [.. File.ReadAllBytes(files.Path(TrainImages)), 0]);

        AssertRejected(files, TrainImages, "expected 12 x 28 x 28 = 9408 values after the header", "found more");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(10)]
    [InlineData(8)]
    [InlineData(3)]
    [InlineData(1)]
    public void A_truncated_gz_file_is_told(int missingBytes)
    {
        using var files = Counting();
        files.Pack(TrainImages);
        files.Write(TrainImages + ".gz", File.ReadAllBytes(files.Path(TrainImages + ".gz"))[..^missingBytes]);

        AssertRejected(files, TrainImages + ".gz", "expected", "truncated");
    }

    [Fact]
    public void A_gz_file_whose_checksum_is_wrong_is_told()
    {
        using var files = Counting();
        files.Pack(TrainImages);
        var packed = File.ReadAllBytes(files.Path(TrainImages + ".gz"));
        packed[^8] ^= 1;
        files.Write(TrainImages + ".gz", packed);

        AssertRejected(files, TrainImages + ".gz", "expected a complete gzip file", "damaged");
    }

    [Fact]
    public void A_gz_file_that_is_none_is_told()
    {
        using var files = Counting();
        File.Move(files.Path(TrainImages), files.Path(TrainImages + ".gz"));

        AssertRejected(files, TrainImages + ".gz", "expected a complete gzip file", "damaged");
    }

    [Fact]
    public void Images_of_another_size_are_told()
    {
        using var files = Counting();
        files.WriteImages(TestImages, 5, 32, 24);

        AssertRejected(files, TestImages, "expected images of 28 x 28 pixels", "found 32 x 24");
    }

    [Fact]
    public void More_labels_than_images_are_told()
    {
        using var files = Counting();
        files.WriteImages(TrainImages, 11);

        AssertRejected(files, TrainLabels, $"expected 11 labels, one for each image in {TrainImages}", "found 12");
    }

    [Fact]
    public void A_label_out_of_range_is_told()
    {
        using var files = Counting();
        files.Write(TestLabels, Idx([5], [0, 9, 10, 3, 4]));

        AssertRejected(files, TestLabels, "expected labels from 0 to 9", "found 10 at index 2");
    }

    private static void AssertRejected(TinyFashionMnist files, string name, string expected, string found)
    {
        var error = Assert.Throws<InvalidDataException>(() => FashionMnist.Load(files.Folder));

        Assert.StartsWith(files.Path(name) + ": ", error.Message);
        Assert.Contains(expected, error.Message);
        Assert.Contains(found, error.Message);
    }
}
