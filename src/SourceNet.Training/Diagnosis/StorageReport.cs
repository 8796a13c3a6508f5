using System.Globalization;
using System.IO.Compression;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// What a model takes to store: dense, as compressed sparse rows (CSR), and as a safetensors file with and without gzip. Print it to see the table.
/// </summary>
/// <remarks>
/// Half the weights at 0 do not make half a file: CSR keeps a column with each number, so float32 with 4-byte indices is smaller only below a density of about
/// a half, and equal to dense there.
/// Gzip finds the zeros without a sparse format, but also compresses a dense file a little: compare with the same model before pruning.
/// </remarks>
public sealed class StorageReport
{
    private StorageReport(IReadOnlyList<StoredWeight> weights, long otherBytes, int indexBytes, long fileBytes, long gzipBytes) =>
        (Weights, OtherBytes, IndexBytes, FileBytes, GzipBytes) = (weights, otherBytes, indexBytes, fileBytes, gzipBytes);

    /// <summary>The weights: parameters with at least two axes that are not part of a norm.</summary>
    public IReadOnlyList<StoredWeight> Weights { get; }

    /// <summary>The bytes of all else in the state dict, which is dense in every form: biases, norms, buffers.</summary>
    public long OtherBytes { get; }

    /// <summary>The bytes of a column's or row's index.</summary>
    public int IndexBytes { get; }

    /// <summary>The bytes of the safetensors file.</summary>
    public long FileBytes { get; }

    /// <summary>The bytes of the same file under gzip.</summary>
    public long GzipBytes { get; }

    /// <summary>The bytes of everything, dense.</summary>
    public long DenseBytes => OtherBytes + Weights.Sum(weight => weight.DenseBytes);

    /// <summary>The bytes of everything with every weight in compressed sparse rows.</summary>
    public long SparseBytes => OtherBytes + Weights.Sum(weight => weight.SparseBytes);

    /// <summary>The bytes of everything with each weight in its smaller form.</summary>
    public long SmallerBytes => OtherBytes + Weights.Sum(weight => weight.SmallerBytes);

    /// <summary>Measures a model. The files are written to the folder for temporary files and deleted.</summary>
    /// <param name="model">The model. It stays as it is.</param>
    /// <param name="indexBytes">
    /// The bytes of an index: 4 as most sparse libraries take, 8 as PyTorch's default, or 2 where no weight has more than 65 536 columns; row starts take at
    /// least 4.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Another number of bytes, or too few for a weight.</exception>
    /// <exception cref="IOException">The files cannot be written.</exception>
    public static StorageReport Of(nn.Module model, int indexBytes = 4)
    {
        if (indexBytes is not (2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(indexBytes), indexBytes, "An index has 2, 4 or 8 bytes.");
        }

        var weights = LayerParameter.In(model).Where(parameter => parameter.IsWeight).Select(parameter => Measure(parameter, indexBytes)).ToList();
        var state = model.state_dict();
        var all = state.Values.Distinct(SameMemory.Comparer).Sum(tensor => tensor.numel() * tensor.element_size());
        var (file, gzip) = MeasureFiles(state);
        return new StorageReport(weights, all - weights.Sum(weight => weight.DenseBytes), indexBytes, file, gzip);
    }

    /// <summary>A table of plain text, one line for each weight, and the totals. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var table = new TextTable(("Weight", false), ("Density", true), ("Break-even", true), ("Dense", true), ("CSR", true), ("Smaller", true));
        foreach (var weight in Weights)
        {
            table.Add(
                weight.Path,
                Percent(weight.Density),
                Percent(weight.BreakEvenDensity),
                Bytes(weight.DenseBytes),
                Bytes(weight.SparseBytes),
                Bytes(weight.SmallerBytes));
        }

        table.Add("all else", "", "", Bytes(OtherBytes), Bytes(OtherBytes), Bytes(OtherBytes));
        table.Add("total", "", "", Bytes(DenseBytes), Bytes(SparseBytes), Bytes(SmallerBytes));
        var text = new StringBuilder();
        table.WriteTo(text);
        text.Append(CultureInfo.InvariantCulture, $"Bytes; an index has {IndexBytes}. safetensors: {Bytes(FileBytes)}, under gzip: {Bytes(GzipBytes)} "
            + $"({Percent((double)GzipBytes / FileBytes)}).\n");
        return text.ToString();
    }

    private static StoredWeight Measure(LayerParameter parameter, int indexBytes)
    {
        using var magnitudes = parameter.Magnitudes();
        using var count = magnitudes.count_nonzero();
        var (elements, nonZeros) = (magnitudes.numel(), count.item<long>());
        var rows = parameter.Parameter.size(0);
        if (indexBytes == 2 && elements > rows * (ushort.MaxValue + 1L))
        {
            throw new ArgumentOutOfRangeException(nameof(indexBytes), indexBytes, $"'{parameter.Path}' has {elements / rows} columns, and 2 bytes count to "
                + $"{ushort.MaxValue}.");
        }

        var size = parameter.Parameter.element_size();
        var starts = (rows + 1) * Math.Max(indexBytes, sizeof(int));
        var dense = elements * size;
        var breakEven = elements == 0 ? 0 : Math.Max(0, (double)(dense - starts) / (elements * (size + indexBytes)));
        return new StoredWeight(parameter.Path, elements, nonZeros, dense, (nonZeros * (size + indexBytes)) + starts, breakEven);
    }

    private static (long File, long Gzip) MeasureFiles(Dictionary<string, Tensor> state)
    {
        var folder = Directory.CreateTempSubdirectory("sourcenet-storage-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.safetensors");
            Safetensors.Write(path, state);
            using var file = File.OpenRead(path);
            using var packed = File.Create(path + ".gz");
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                file.CopyTo(gzip);
            }

            return (file.Length, packed.Length);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Bytes(long bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
