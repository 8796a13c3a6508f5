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

    private static readonly EpochResult s_several = s_history.Epochs[0] with
    {
        Metrics = [new("accuracy", 0.125, 0.25), new("macro F1", 0.5, 0.75), new("F1 of class 0", 1, null, true), new("a, \"b\"", null, 0.5)],
        Logged = [new("gradient norm", 2, 4)],
    };

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
    public void As_json_it_comes_back()
    {
        var history = s_history with { Epochs = [s_several], Final = s_several };
        history.WriteJson(_folder.File("history.json"));

        var read = TrainingHistory.ReadJson(_folder.File("history.json"));

        Assert.Equal(history.Epochs, read.Epochs);
        Assert.Equal((history.Model, history.Metric, history.Final), (read.Model, read.Metric, read.Final));
        Assert.NotEqual(s_several, read.Final with { Metrics = [] });
    }

    [Fact]
    public void Json_of_before_there_were_several_metrics_is_read()
    {
        const string Old =
            """
            { "model": "Net", "metric": "accuracy", "stoppedEarly": false,
              "epochs": [{ "epoch": 1, "learningRate": 0.01, "stepLoss": 2.5, "trainLoss": 2.25, "trainMetric": 0.125,
                "validationLoss": null, "validationMetric": null, "seconds": 1 }],
              "final": { "epoch": 1, "learningRate": 0.01, "stepLoss": 2.5, "trainLoss": 2.25, "trainMetric": 0.125,
                "validationLoss": null, "validationMetric": null, "seconds": 1 } }
            """;
        File.WriteAllText(_folder.File("history.json"), Old);

        var read = TrainingHistory.ReadJson(_folder.File("history.json"));

        Assert.Equal([new MetricResult("accuracy", 0.125, null)], read.Final.Metrics);
        Assert.Empty(Assert.Single(read.Epochs).Logged);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1")]
    public void Json_of_something_else_is_refused(string text)
    {
        File.WriteAllText(_folder.File("history.json"), text);

        Assert.StartsWith($"{_folder.File("history.json")}: expected a history",
            Assert.Throws<InvalidDataException>(() => TrainingHistory.ReadJson(_folder.File("history.json"))).Message);
    }

    [Fact]
    public void Several_metrics_and_what_was_logged_have_columns_lines_and_events()
    {
        (s_history with { Epochs = [s_several] }).WriteCsv(_folder.File("history.csv"));
        Assert.Equal(
            "epoch,learning_rate,step_loss,train_loss,train_metric,validation_loss,validation_metric,seconds,train_macro_F1,validation_macro_F1,"
                + "train_F1_of_class_0,validation_F1_of_class_0,\"train_a,_\"\"b\"\"\",\"validation_a,_\"\"b\"\"\",gradient_norm,largest_gradient_norm\n"
                + "1,0.01,2.5,2.25,0.125,2.375,0.25,1.5,0.5,0.75,1,,,0.5,2,4\n",
            File.ReadAllText(_folder.File("history.csv")));
        using var output = new StringWriter { NewLine = "\n" };
        var lines = new LineProgress(output);
        lines.Begin("Net", 1, 3, 0);
        lines.EpochDone(s_several, "accuracy");
        Assert.Equal(
            "Net  epoch 1/1  loss 2.2500, validation 2.3750  accuracy 0.1250, validation 0.2500  macro F1 0.5000, validation 0.7500  "
                + "a, \"b\" -, validation 0.5000  gradient norm 2.0000\n",
            output.ToString());
        var events = new TensorBoardProgress(_folder.File("run"));
        events.Begin("Net", 1, 3, 0);
        events.EpochDone(s_several, "accuracy");
        var written = Written(_folder.File("run"));
        foreach (var tag in new[] { "Net/accuracy/train", "Net/macro F1/validation", "Net/F1 of class 0/train", "Net/gradient norm/largest" })
        {
            Assert.Contains(written, record => record.Contains(tag));
        }

        Assert.DoesNotContain(written, record => record.Contains("Net/F1 of class 0/validation"));
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

        var records = Written(_folder.File("run"));
        // Six numbers of the first epoch and four of the second; a writer may put a version before them.
        Assert.InRange(records.Count, 10, 11);
        Assert.Contains(records, record => record.Contains("Net/loss/validation"));
        Assert.Contains(records, record => record.Contains("Net/accuracy/train"));
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

        Assert.Equal(
            "Net  epoch  1/12  loss 2.2500, validation 2.3750  accuracy 0.1250, validation 0.2500\nNet  epoch  2/12  loss 1.2500  accuracy 0.5000\n",
            output.ToString());
    }

    private static List<string> Written(string folder)
    {
        var file = Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        using var copy = new MemoryStream();
        using (var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            stream.CopyTo(copy);
        }

        return [.. Records(copy.ToArray()).Select(System.Text.Encoding.UTF8.GetString)];
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
