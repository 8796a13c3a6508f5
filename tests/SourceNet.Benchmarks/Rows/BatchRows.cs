using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>Batch norm in training with what follows it, against TorchSharp's layers one after the other.</summary>
internal static class BatchRows
{
    private static readonly long[][] s_shapes = [[64, 64, 32, 32], [32, 256, 14, 14], [1024, 512]];

    internal static IEnumerable<Row> All =>
    [
        .. s_shapes.SelectMany(shape => new Row[]
        {
            new($"BatchNorm + ReLU, {Text(shape)}, forward", "TorchSharp's layers", 7, () => Forward(shape, null)),
            new($"BatchNorm + ReLU, {Text(shape)}, forward + backward", "TorchSharp's layers", 2.3, () => Both(shape, null)),
        }),
        new("BatchNorm + ReLU + Dropout2d, [64, 64, 32, 32], forward", "TorchSharp's layers", 7, () => Forward(s_shapes[0], nn.Dropout2d(0.2))),
        new("BatchNorm + ReLU + Dropout2d, [64, 64, 32, 32], forward + backward", "TorchSharp's layers", 2.3, () => Both(s_shapes[0], nn.Dropout2d(0.2))),
    ];

    private static string Text(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static BatchNorm Norm(long[] shape) => shape.Length == 2 ? nn.BatchNorm1d(shape[1]) : nn.BatchNorm2d(shape[1]);

    private static Contest Forward(long[] shape, nn.Module<Tensor, Tensor>? dropout)
    {
        var (norm, relu, x) = (Norm(shape), nn.ReLU(), randn(shape));
        return new(() => Run(Composed), () => Run(Fused_), Resources(norm, relu, x, dropout));

        Tensor Composed() => dropout is null ? relu.call(norm.call(x)) : dropout.call(relu.call(norm.call(x)));
        Tensor Fused_() => Fused.BatchNorm(x, norm, default(CompilerServices.Activations.ReLU), dropout);

        static void Run(Func<Tensor> function)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            function();
        }
    }

    private static Contest Both(long[] shape, nn.Module<Tensor, Tensor>? dropout)
    {
        var (norm, relu, x) = (Norm(shape), nn.ReLU(), randn(shape).requires_grad_());
        var gradient = randn(shape);
        // Gradients are returned and not accumulated: what a layer in the middle of a model does.
        List<Tensor> inputs = [x, norm.weight, norm.bias!];
        List<Tensor> gradients = [gradient];
        return new(() => Run(Composed), () => Run(Fused_), Resources(norm, relu, x, dropout, gradient));

        Tensor Composed() => dropout is null ? relu.call(norm.call(x)) : dropout.call(relu.call(norm.call(x)));
        Tensor Fused_() => Fused.BatchNorm(x, norm, default(CompilerServices.Activations.ReLU), dropout);

        void Run(Func<Tensor> function)
        {
            using var scope = NewDisposeScope();
            autograd.grad([function()], inputs, gradients);
        }
    }

    private static IDisposable[] Resources(params IDisposable?[] resources) => [.. resources.OfType<IDisposable>()];
}
