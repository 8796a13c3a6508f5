using static SourceNet.Training.Tests.Data.IdxFiles;

namespace SourceNet.Training.Tests.Data;

public class LabeledImagesTests
{
    private static readonly ImageShape s_shape = new(1, 2, 2);

    [Fact]
    public void Images_in_memory_are_read()
    {
        using var images = new LabeledImages([1, 2, 3, 4, 5, 6, 7, 8], [1, 0], s_shape, 2);
        var image = new byte[4];

        images.Read(1, image);

        Assert.Equal([5, 6, 7, 8], image);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    public void The_first_images_are_copied_and_outlive_the_others(int count)
    {
        var images = new LabeledImages([1, 2, 3, 4, 5, 6, 7, 8], [1, 0], s_shape, 2);
        using var first = images.Take(count);
        images.Dispose();
        var image = new byte[4];

        first.Read(first.Count - 1, image);

        Assert.Equal(Math.Min(count, 2), first.Count);
        Assert.Equal(count == 1 ? [1, 2, 3, 4] : new byte[] { 5, 6, 7, 8 }, image);
        Assert.Equal(new byte[] { 1, 0 }[..first.Count], first.Labels.ToArray());
        Assert.Equal((s_shape, 2), (first.Shape, first.Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => first.Take(0));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_told()
    {
        Assert.Throws<ArgumentException>(() => new LabeledImages([1, 2, 3], [0], s_shape, 1));
        Assert.Throws<ArgumentException>(() => new LabeledImages(Array.Empty<byte>(), [], s_shape, 1));
        Assert.Throws<ArgumentException>(() => new LabeledImages([1, 2, 3, 4], [1], s_shape, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabeledImages([1, 2, 3, 4], [0], s_shape, 257));
        using var all = new LabeledImages([1, 2, 3, 4], [255], s_shape, 256);
    }

    [Fact]
    public void An_index_out_of_range_is_told()
    {
        using var images = new LabeledImages([1, 2, 3, 4], [0], s_shape, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => images.Read(1, new byte[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.Read(-1, new byte[4]));
        Assert.Throws<ArgumentException>(() => images.Read(0, new byte[5]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reading_after_dispose_throws(bool packed)
    {
        using var folder = Counting();
        if (packed)
        {
            folder.Pack(TrainImages);
        }

        var images = Mnist.Train(folder.Path);
        images.Dispose();
        images.Dispose();

        Assert.Throws<ObjectDisposedException>(() => images.Read(0, new byte[784]));
    }

    [Fact]
    public void Disposing_while_others_read_ends_their_reads_with_an_exception_and_not_the_process()
    {
        using var folder = Counting();
        for (var round = 0; round < 20; round++)
        {
            var images = Mnist.Train(folder.Path);
            using var started = new CountdownEvent(2);
            var readers = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(ReadForever, TaskCreationOptions.LongRunning)).ToArray();
            started.Wait();
            images.Dispose();

            Assert.All(readers, reader => Assert.Throws<ObjectDisposedException>(reader.GetAwaiter().GetResult));

            void ReadForever()
            {
                var image = new byte[784];
                started.Signal();
                for (var index = 0; ; index = (index + 1) % 12)
                {
                    images.Read(index, image);
                }
            }
        }
    }

    [Fact]
    public void A_mapped_file_that_was_shortened_makes_the_next_read_throw()
    {
        using var folder = new TemporaryFolder();
        // Several pages, so that the last image lies behind the new end.
        folder.Write(TrainImages, Images(100));
        folder.Write(TrainLabels, Labels(100));
        using var images = Mnist.Train(folder.Path);
        if (OperatingSystem.IsWindows())
        {
            return; // There the system itself forbids it.
        }

        using (var file = new FileStream(folder.File(TrainImages), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(20);
        }

        var error = Assert.Throws<InvalidDataException>(() => images.Read(99, new byte[784]));

        Assert.Equal($"{folder.File(TrainImages)}: expected the 78416 bytes that it had when it was opened, found 20 (somebody shortened it)", error.Message);
    }
}
