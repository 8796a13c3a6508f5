using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>Softmax cross-entropy with smoothed labels, against TorchSharp's function.</summary>
internal static class CrossEntropyRows
{
    private const double Smoothing = 0.1;

    private static readonly (long Rows, long Classes)[] s_sizes = [(4096, 10), (512, 1000), (512, 32000)];

    internal static IEnumerable<Row> All =>
    [
        .. s_sizes.SelectMany(size => new Row[]
        {
            new($"cross-entropy, smoothed, [{size.Rows}, {size.Classes}], forward", "functional.cross_entropy", 3, () => Forward(size.Rows, size.Classes)),
            new(
                $"cross-entropy, smoothed, [{size.Rows}, {size.Classes}], forward + backward",
                "functional.cross_entropy",
                4.4,
                () => Both(size.Rows, size.Classes)),
        }),
    ];

    private static Contest Forward(long rows, long classes)
    {
        var (logits, targets) = (randn(rows, classes), randint(classes, rows, ScalarType.Int64));
        return new(
            () => Run(() => nn.functional.cross_entropy(logits, targets, label_smoothing: Smoothing)),
            () => Run(() => Objectives.CrossEntropy(logits, targets, Smoothing)),
            logits,
            targets);

        static void Run(Func<Tensor> function)
        {
            using var noGradient = no_grad();
            function().Dispose();
        }
    }

    private static Contest Both(long rows, long classes)
    {
        var (logits, targets) = (randn(rows, classes).requires_grad_(), randint(classes, rows, ScalarType.Int64));
        return new(
            () => Run(() => nn.functional.cross_entropy(logits, targets, label_smoothing: Smoothing)),
            () => Run(() => Objectives.CrossEntropy(logits, targets, Smoothing)),
            logits,
            targets);

        // Gradients are returned and not accumulated: logits are made by a layer.
        void Run(Func<Tensor> function)
        {
            using var scope = NewDisposeScope();
            autograd.grad([function()], [logits]);
        }
    }
}
