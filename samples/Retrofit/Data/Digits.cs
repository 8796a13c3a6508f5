using System.Globalization;
using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace Retrofit;

/// <summary>Handwritten digits: images of 8 x 8 cells, each 0 to 1, and what they show. From the UCI set "Optical Recognition of Handwritten Digits".</summary>
/// <param name="Images">[N, 64], float32.</param>
/// <param name="Labels">[N], int64, 0 to 9.</param>
public sealed record Digits(Tensor Images, Tensor Labels)
{
    /// <summary>Reads the file beside the program: the first 1400 digits to train with, the other 397, by other writers, to test with.</summary>
    public static (Digits Train, Digits Test) Read()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", "digits.csv.gz");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var pixels = new List<float>();
        var labels = new List<long>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            var cells = line.Split(',');
            if (cells.Length != 65)
            {
                throw new InvalidDataException($"{path}, line {number}: 64 cells and a label expected, {cells.Length} values found.");
            }

            pixels.AddRange(cells.Take(64).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture) / 16));
            labels.Add(long.Parse(cells[64], CultureInfo.InvariantCulture));
        }

        var images = tensor(pixels).reshape(labels.Count, 64);
        var digits = tensor(labels);
        return (new(images[..1400], digits[..1400]), new(images[1400..], digits[1400..]));
    }

    /// <summary>All digits in a new order, in batches; the last one may be smaller.</summary>
    public IEnumerable<(Tensor Images, Tensor Labels)> Batches(int size)
    {
        var order = randperm(Labels.shape[0]);
        foreach (var rows in order.split(size))
        {
            yield return (Images[rows], Labels[rows]);
        }
    }
}
