using System.Formats.Tar;

namespace SourceNet.Training.Tests.Data;

/// <summary>Files of the binary layout with few records.</summary>
internal static class Cifar10Files
{
    internal const string Archive = "cifar-10-binary.tar.gz";

    internal static readonly string[] All =
        ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"];

    /// <summary>Records with the label, then a value for each plane.</summary>
    internal static byte[] Records(params (byte Label, byte Red, byte Green, byte Blue)[] records) =>
        [.. records.SelectMany(record => (byte[])[record.Label, .. Plane(record.Red), .. Plane(record.Green), .. Plane(record.Blue)])];

    /// <summary>Two records in each file: their labels are the number of the file and the one before.</summary>
    internal static byte[] Content(string name)
    {
        var number = (byte)Array.IndexOf(All, name);
        return Records(((byte)(number + 1), 10, 20, (byte)(30 + number)), (number, 11, 21, (byte)(40 + number)));
    }

    internal static TemporaryFolder Plain(string subfolder = "")
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(subfolder));
        foreach (var name in All)
        {
            folder.Write(Path.Combine(subfolder, name), Content(name));
        }

        return folder;
    }

    internal static TemporaryFolder Archived()
    {
        var folder = new TemporaryFolder();
        folder.Write(Archive, TemporaryFolder.Packed(Tar(All)));
        return folder;
    }

    /// <summary>As the official archive has it: everything in a folder, in no order, beside other files.</summary>
    internal static byte[] Tar(IReadOnlyCollection<string> names)
    {
        using var content = new MemoryStream();
        using (var writer = new TarWriter(content, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "cifar-10-batches-bin/"));
            writer.WriteEntry(Entry("readme.html", [1, 2, 3]));
            foreach (var name in names.Reverse())
            {
                writer.WriteEntry(Entry(name, Content(name)));
            }
        }

        return content.ToArray();
    }

    /// <summary>What a spoiled byte makes of the extended header that says when a file was written.</summary>
    internal static byte[] TarOfNoDate()
    {
        using var content = new MemoryStream();
        using (var writer = new TarWriter(content, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, All[0]) { ModificationTime = DateTimeOffset.UnixEpoch.AddTicks(17_000_000_001_234_567) });
        }

        var tar = content.ToArray();
        var date = "mtime=1700000000."u8;
        tar[tar.AsSpan().IndexOf(date) + date.Length - 1] = (byte)'9';
        return tar;
    }

    private static UstarTarEntry Entry(string name, byte[] content) =>
        new(TarEntryType.RegularFile, "cifar-10-batches-bin/" + name) { DataStream = new MemoryStream(content) };

    private static byte[] Plane(byte value) => [.. Enumerable.Repeat(value, 32 * 32)];
}
