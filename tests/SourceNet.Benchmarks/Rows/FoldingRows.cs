using SourceNet.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>A convolution with a batch norm folded into its weight, in eval mode, against the layers one after the other.</summary>
internal static class FoldingRows
{
    internal static IEnumerable<Row> All =>
        new long[] { 3, 1 }.Select(window => new Row(
            $"folded batch norm, {window} x {window} convolution of [16, 64, 32, 32]",
            "Conv2d, BatchNorm2d, ReLU",
            1,
            () => Make(window)));

    private static Contest Make(long window)
    {
        var (conv, norm, folded, input) = (nn.Conv2d(64, 64, window, padding: window / 2, bias: false), nn.BatchNorm2d(64), new FoldedBatchNorm(), randn(
            [16, 64, 32, 32]));
        norm.eval();
        return new(Other, Kernel, conv, norm, input);

        void Other()
        {
            using var ungraded = no_grad();
            using var made = conv.call(input);
            using var normalized = norm.call(made);
            nn.functional.relu(normalized).Dispose();
        }

        void Kernel()
        {
            using var ungraded = no_grad();
            Fused.FoldedBatchNorm(input, conv, norm, folded, default(CompilerServices.Activations.ReLU)).Dispose();
        }
    }
}
