using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Diagnosis;

public class StorageReportTests
{
    [Theory]
    [InlineData(2, 4)]
    [InlineData(4, 4)]
    [InlineData(8, 8)]
    public void Bytes_are_those_of_the_arrays(int indexBytes, int startBytes)
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        SparsityTests.Set(model, "in.weight", [0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 4]);

        var report = StorageReport.Of(model, indexBytes);

        var weight = report.Weights[0];
        Assert.Equal(("in.weight", 12, 4), (weight.Path, weight.Elements, weight.NonZeros));
        Assert.Equal(12 * 4, weight.DenseBytes);
        Assert.Equal((4 * (4 + indexBytes)) + (5 * startBytes), weight.SparseBytes);
        Assert.Equal(1.0 / 3, weight.Density, 1e-12);
        // in.bias, four tensors of the norm, its counter, out.bias
        Assert.Equal((4 * 4) + (4 * 4 * 4) + 8 + (2 * 4), report.OtherBytes);
        Assert.Equal(report.OtherBytes + (12 * 4) + (8 * 4), report.DenseBytes);
        Assert.Equal(report.OtherBytes + report.Weights.Sum(one => Math.Min(one.DenseBytes, one.SparseBytes)), report.SmallerBytes);
    }

    [Fact]
    public void At_the_break_even_density_both_forms_are_equally_large()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(1000, 100, hasBias: false);

        foreach (var share in new[] { 0.45, 0.505, 0.55 })
        {
            Pruning.Global(model, share);
            var weight = StorageReport.Of(model).Weights.Single();
            Assert.Equal(0.499495, weight.BreakEvenDensity, 1e-6);
            Assert.Equal(weight.Density < weight.BreakEvenDensity, weight.SparseBytes < weight.DenseBytes);
        }
    }

    [Fact]
    public void Half_the_weights_at_zero_do_not_make_half_the_size()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(784, 256);
        var before = StorageReport.Of(model);

        // The share that the regularization guide calls "roughly half the size".
        Pruning.Global(model, 0.478);

        var after = StorageReport.Of(model);
        Assert.InRange((double)after.SparseBytes / after.DenseBytes, 1.0, 1.1);
        Assert.Equal(before.FileBytes, after.FileBytes);
        Assert.InRange((double)after.GzipBytes / before.GzipBytes, 0.5, 0.8);
    }

    [Fact]
    public void Indices_of_two_bytes_are_refused_where_they_cannot_count_the_columns()
    {
        using var scope = NewDisposeScope();

        Assert.Contains("'weight'", Assert.Throws<ArgumentOutOfRangeException>(() => StorageReport.Of(nn.Linear(65_537, 1), 2)).Message);
        Assert.NotNull(StorageReport.Of(nn.Linear(65_536, 1), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => StorageReport.Of(nn.Linear(1, 1), 3));
    }

    [Fact]
    public void The_table_has_the_weights_and_the_totals()
    {
        using var scope = NewDisposeScope();
        var lines = StorageReport.Of(Networks.WithBatchNorm()).ToString().Split('\n');

        Assert.StartsWith("Weight", lines[0]);
        Assert.StartsWith("in.weight   100.0 %      29.2 %     48  116       48", lines[2]);
        Assert.StartsWith("out.weight", lines[3]);
        Assert.StartsWith("all else", lines[4]);
        Assert.StartsWith("total", lines[5]);
        Assert.Contains("under gzip", lines[6]);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var model = Networks.WithBatchNorm();
        var before = LiveTensors.Count;

        StorageReport.Of(model);

        Assert.Equal(before, LiveTensors.Count);
    }
}
