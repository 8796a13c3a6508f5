using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>Softmax cross-entropy with label smoothing 0.1, of class indices.</summary>
internal static class CrossEntropyRows
{
    internal static IEnumerable<Row> All =>
        new long[][] { [4096, 10], [512, 1000], [512, 32000] }.SelectMany(shape => new Row[]
        {
            new($"cross-entropy [{shape[0]}, {shape[1]}], forward", "functional.cross_entropy", 3, () => Make(shape, backward: false)),
            new($"cross-entropy [{shape[0]}, {shape[1]}], forward and backward", "functional.cross_entropy", 4.4, () => Make(shape, backward: true)),
        });

    private static Contest Make(long[] shape, bool backward)
    {
        var logits = randn(shape).requires_grad_(backward);
        var targets = randint(shape[1], [shape[0]], ScalarType.Int64);
        return new(
            () => Run(() => nn.functional.cross_entropy(logits, targets, label_smoothing: 0.1)),
            () => Run(() => Objectives.CrossEntropy(logits, targets, 0.1)),
            logits,
            targets);

        void Run(Func<Tensor> call)
        {
            using var loss = call();
            if (backward)
            {
                loss.backward();
                logits.grad = null;
            }
        }
    }
}
