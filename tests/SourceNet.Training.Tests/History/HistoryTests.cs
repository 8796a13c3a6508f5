using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace SourceNet.Training.Tests.Histories;

public sealed class HistoryTests : IDisposable
{
    private static readonly TrainingHistory s_history = new(
        "Net",
        "accuracy",
        [new(1, 0.01, 2.5, 2.25, 0.125, 2.375, 0.25, 1.5), new(2, 0.001, 1.5, 1.25, 0.5, null, null, 1)],
        new(2, 0.001, 1.5, 1.25, 0.5, null, null, 1),
        false);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("sv-SE")]
    public void As_a_table_it_is_the_same_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            s_history.WriteCsv(_folder.File("history.csv"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(
            "epoch,learning_rate,step_loss,train_loss,train_metric,validation_loss,validation_metric,seconds\n1,0.01,2.5,2.25,0.125,2.375,0.25,1.5\n2,0.001,1.5,1.25,0.5,,,1\n",
            File.ReadAllText(_folder.File("history.csv")));
    }

    [Fact]
    public void As_json_it_can_be_read()
    {
        s_history.WriteJson(_folder.File("history.json"));

        using var json = JsonDocument.Parse(File.ReadAllBytes(_folder.File("history.json")));
        Assert.Equal("Net", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(2.375, json.RootElement.GetProperty("epochs")[0].GetProperty("validationLoss").GetDouble());
        Assert.Equal(2, json.RootElement.GetProperty("final").GetProperty("epoch").GetInt32());
        Assert.Equal(["history.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named()
    {
        var path = Path.Combine(_folder.File("missing"), "history.csv");

        Assert.StartsWith($"{path}: expected a file that can be written, found: ", Assert.Throws<IOException>(() => s_history.WriteCsv(path)).Message);
    }

    [Fact]
    public void Tensor_board_gets_events_that_it_can_read()
    {
        var progress = new TensorBoardProgress(_folder.File("run"));
        progress.Begin("Net", 2, 3, 0);
        foreach (var epoch in s_history.Epochs)
        {
            progress.EpochDone(epoch, "accuracy");
        }

        var file = Assert.Single(Directory.GetFiles(_folder.File("run"), "*", SearchOption.AllDirectories));
        using var copy = new MemoryStream();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            stream.CopyTo(copy);
        }

        var records = Records(copy.ToArray()).ToList();
        // Six numbers of the first epoch and four of the second; a writer may put a version before them.
        Assert.InRange(records.Count, 10, 11);
        Assert.Contains(records, record => System.Text.Encoding.UTF8.GetString(record).Contains("Net/loss/validation"));
        Assert.Contains(records, record => System.Text.Encoding.UTF8.GetString(record).Contains("Net/accuracy/train"));
    }

    [Fact]
    public void A_line_says_what_was_reached()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var progress = new LineProgress(output);
        progress.Begin("Net", 12, 3, 0);
        foreach (var epoch in s_history.Epochs)
        {
            progress.EpochDone(epoch, "accuracy");
        }

        Assert.Equal("Net  epoch  1/12  loss 2.2500, validation 2.3750  accuracy 0.1250, validation 0.2500\nNet  epoch  2/12  loss 1.2500  accuracy 0.5000\n", output.ToString());
    }

    /// <summary>The records of a TensorFlow file: length, its masked CRC, content, its masked CRC.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        var position = 0;
        while (position < file.Length)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(position));
            Assert.Equal(Masked(file.AsSpan(position, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 8)));
            var content = file.AsSpan(position + 12, length).ToArray();
            Assert.Equal(Masked(content), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(position + 12 + length)));
            yield return content;
            position += 16 + length;
        }
    }

    /// <summary>CRC-32C, bit by bit, masked as TensorFlow does.</summary>
    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0x82F63B78 & (0 - (crc & 1)));
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}
