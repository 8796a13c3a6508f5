using System.Globalization;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>The handwritten digits of the retrofit sample: 64 gray values and a class.</summary>
internal sealed class Digits : IDisposable
{
    private readonly Tensor _inputs;
    private readonly Tensor _labels;

    internal Digits(int train = 256, int validation = 128, long seed = 5)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "digits.csv.gz")), CompressionMode.Decompress));
        var rows = file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())
            .Take(train + validation)
            .ToList();
        _inputs = (tensor(rows.SelectMany(row => row[..64].Select(value => (float)(value / 16))).ToArray()).view(-1, 64)).DetachFromDisposeScope();
        _labels = tensor(rows.Select(row => (long)row[64]).ToArray()).DetachFromDisposeScope();
        Train = new TensorBatches(_inputs[..train], _labels[..train], 32, seed: seed, shuffle: true, classes: 10);
        Validation = new TensorBatches(_inputs[train..], _labels[train..], 64, classes: 10);
    }

    internal TensorBatches Train { get; }

    internal TensorBatches Validation { get; }

    public void Dispose()
    {
        _inputs.Dispose();
        _labels.Dispose();
    }
}
