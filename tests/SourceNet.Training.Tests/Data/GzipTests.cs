using System.Buffers.Binary;

namespace SourceNet.Training.Tests.Data;

/// <summary>A small file that unpacks to a large one.</summary>
public sealed class GzipTests
{
    [Fact]
    public void No_more_is_unpacked_than_the_header_promises()
    {
        using var folder = new TemporaryFolder();
        // Twelve images, and 200 MB of zeros after them.
        var content = new byte[200_000_000];
        BinaryPrimitives.WriteInt32BigEndian(content, 0x0803);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4), 12);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(8), 28);
        BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(12), 28);
        folder.Write("train-images-idx3-ubyte.gz", TemporaryFolder.Packed(content));
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InvalidDataException>(() => Mnist.Train(folder.Path));

        Assert.Contains("of 9424 bytes after unpacking, as its header says, found more", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void No_more_is_unpacked_than_the_end_promises()
    {
        using var folder = new TemporaryFolder();
        var packed = TemporaryFolder.Packed(new byte[200_000_000]);
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 4), 3073);
        var file = folder.Write("data.bin.gz", packed);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<InvalidDataException>(() => Cifar10.Read(file));

        Assert.Contains("of 3073 bytes after unpacking, as its end says, found more", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }
}
