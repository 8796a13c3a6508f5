using static SourceNet.Training.Tests.Data.Cifar10Files;

namespace SourceNet.Training.Tests.Data;

public class Cifar10Tests
{
    public static TheoryData<string> Layouts => ["plain", "packed", "folder", "archive"];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_layout_gives_the_same_images(string layout)
    {
        using var folder = Write(layout);
        using var train = Cifar10.Train(folder.Path);
        using var test = Cifar10.Test(folder.Path);

        Assert.Equal((10, new ImageShape(3, 32, 32), 10), (train.Count, train.Shape, train.Classes));
        Assert.Equal([1, 0, 2, 1, 3, 2, 4, 3, 5, 4], train.Labels.ToArray());
        Assert.Equal([6, 5], test.Labels.ToArray());
        var image = new byte[3 * 32 * 32];
        train.Read(7, image);
        Assert.All(image[..1024], pixel => Assert.Equal(11, pixel));
        Assert.All(image[1024..2048], pixel => Assert.Equal(21, pixel));
        Assert.All(image[2048..], pixel => Assert.Equal(43, pixel));
    }

    [Fact]
    public void Files_of_other_names_are_read_in_the_order_given()
    {
        using var folder = Plain();
        folder.Pack("data_batch_3.bin");

        using var images = Cifar10.Read(folder.File("data_batch_3.bin.gz"), folder.File("test_batch.bin"));

        Assert.Equal([3, 2, 6, 5], images.Labels.ToArray());
    }

    [Fact]
    public void Files_win_over_the_archive()
    {
        using var folder = Plain();
        folder.Write(Archive, [1, 2, 3]);

        using var train = Cifar10.Train(folder.Path);

        Assert.Equal(10, train.Count);
    }

    [Fact]
    public void A_missing_file_is_named_with_what_to_fetch_and_where_to_put_it()
    {
        using var folder = Plain();
        File.Delete(folder.File("data_batch_4.bin"));

        var error = Assert.Throws<FileNotFoundException>(() => Cifar10.Train(folder.Path));

        Assert.StartsWith(
            $"{folder.Path}: expected the file data_batch_4.bin or data_batch_4.bin.gz, found neither. Fetch cifar-10-binary.tar.gz",
            error.Message);
        Assert.Contains("\"The CIFAR-10 dataset\"", error.Message);
        Assert.EndsWith("put it into this directory, packed or unpacked.", error.Message);
    }

    [Theory]
    [InlineData(6145, "= 1 records and 3072 bytes")]
    [InlineData(0, "found 0 bytes")]
    [InlineData(3074, "= 1 records and 1 bytes")]
    public void A_wrong_length_is_told(int length, string found)
    {
        using var folder = Plain();
        folder.Write("data_batch_2.bin", new byte[length]);

        AssertRejected(folder, "data_batch_2.bin", "expected records of 3073 bytes", found);
    }

    [Fact]
    public void A_label_out_of_range_is_told()
    {
        using var folder = Plain();
        folder.Write("data_batch_5.bin", Records((9, 0, 0, 0), (10, 0, 0, 0)));

        AssertRejected(folder, "data_batch_5.bin", "expected labels from 0 to 9", "found 10 in record 1");
    }

    [Fact]
    public void A_truncated_gz_file_is_told()
    {
        using var folder = Plain();
        folder.Pack("data_batch_1.bin");
        folder.Write("data_batch_1.bin.gz", folder.Read("data_batch_1.bin.gz")[..^9]);

        AssertRejected(folder, "data_batch_1.bin.gz", "expected a complete gzip file", "truncated");
    }

    [Fact]
    public void No_truncation_of_an_archive_goes_unnoticed()
    {
        using var folder = Archived();
        var packed = folder.Read(Archive);
        for (var length = 0; length < packed.Length; length++)
        {
            folder.Write(Archive, packed[..length]);
            AssertRejected(folder, Archive, "expected", "truncated");
        }
    }

    [Theory]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(2000)]
    [InlineData(20_000)]
    [InlineData(35_200)]
    [InlineData(40_000)]
    public void A_tar_file_that_was_truncated_before_it_was_packed_is_told(int length)
    {
        using var folder = new TemporaryFolder();
        folder.Write(Archive, TemporaryFolder.Packed(Tar(All)[..length]));

        AssertRejected(folder, Archive, "expected", "truncated");
    }

    [Fact]
    public void An_archive_whose_dates_are_impossible_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Archive, TemporaryFolder.Packed(TarOfNoDate()));

        AssertRejected(folder, Archive, "expected a complete gzip file", "damaged");
    }

    [Fact]
    public void An_archive_without_a_file_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Archive, TemporaryFolder.Packed(Tar(All[1..])));

        AssertRejected(folder, Archive, "expected an entry data_batch_1.bin", "found none");
    }

    [Fact]
    public void An_archive_that_is_none_is_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write(Archive, TemporaryFolder.Packed([.. Enumerable.Range(0, 2000).Select(i => (byte)((i * 7) + 1))]));

        AssertRejected(folder, Archive, "expected", "damaged");
    }

    [Fact]
    public void A_wrong_record_in_an_archive_is_told_with_the_name_of_its_file()
    {
        using var folder = Archived();
        var tar = Tar(All);
        // The first file in the archive is the test batch: folder, readme and its content, then a header, 512 bytes each.
        tar[4 * 512] = 77;
        folder.Write(Archive, TemporaryFolder.Packed(tar));

        var error = Assert.Throws<InvalidDataException>(() => Cifar10.Test(folder.Path));

        Assert.Equal($"{folder.File(Archive)}:test_batch.bin: expected labels from 0 to 9, found 77 in record 0", error.Message);
    }

    [Fact]
    public void No_path_is_told()
    {
        Assert.Throws<ArgumentException>(() => Cifar10.Read());
    }

    [Fact]
    public void Files_that_were_rejected_are_closed()
    {
        using var folder = Plain();
        folder.Write("data_batch_5.bin", new byte[10]);
        Assert.Throws<InvalidDataException>(() => Cifar10.Train(folder.Path));

        foreach (var name in All)
        {
            using var alone = new FileStream(folder.File(name), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    private static TemporaryFolder Write(string layout)
    {
        var folder = layout == "archive" ? Archived() : Plain(layout == "folder" ? "cifar-10-batches-bin" : "");
        if (layout == "packed")
        {
            Array.ForEach(All, folder.Pack);
        }

        return folder;
    }

    private static void AssertRejected(TemporaryFolder folder, string name, string expected, string found)
    {
        var error = Assert.Throws<InvalidDataException>(() => Cifar10.Train(folder.Path));

        Assert.StartsWith(folder.File(name) + ": ", error.Message);
        Assert.Contains(expected, error.Message);
        Assert.Contains(found, error.Message);
    }
}
