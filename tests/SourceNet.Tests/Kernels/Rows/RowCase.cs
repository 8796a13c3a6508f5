using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Rows;
using SourceNet.Tests.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Rows;

/// <summary>One call of norm, activation, dropout and residual: as a kernel, and by the formula in any precision.</summary>
/// <param name="Centers">LayerNorm, else RMSNorm.</param>
/// <param name="Activation">Which function.</param>
/// <param name="Mask">Of dropout, null for none.</param>
/// <param name="HasResidual">Whether something is added before the norm.</param>
/// <param name="Shape">Of x.</param>
/// <param name="IsAffine">Whether there are a weight and, with LayerNorm, a bias.</param>
/// <param name="Path">Of the samples of the residual, null for none.</param>
internal sealed record RowCase(
    bool Centers, ActivationCase Activation, DropoutMask? Mask, bool HasResidual, long[] Shape, bool IsAffine = true, DropoutMask? Path = null)
    : IActivationVisitor<FusedOperation>
{
    private const double Epsilon = 1e-5;

    internal static readonly string[] Inputs = ["x", "residual", "weight", "bias"];

    private long[] Features => Shape[^1..];

    internal FusedOperation Operation => Activation.Accept(this);

    FusedOperation IActivationVisitor<FusedOperation>.Visit<TActivation>(TActivation activation) => Centers
        ? new RowNormOperation<MeanAndVariance, TActivation>(activation, Mask, Features, Epsilon, Path)
        : new RowNormOperation<RootMeanSquare, TActivation>(activation, Mask, Features, Epsilon, Path);

    /// <summary>x, residual, weight and bias, the same numbers in every precision; null for those that this case does not have.</summary>
    internal Tensor?[] Leaves(ScalarType type) =>
    [
        Leaf(1, Shape, 0, type),
        HasResidual ? Leaf(2, Shape, 0, type) : null,
        IsAffine ? Leaf(3, Features, 1, type) : null,
        IsAffine && Centers ? Leaf(4, Features, 0, type) : null,
    ];

    /// <summary>The outputs by the formula: x + residual if there is one, and the result.</summary>
    internal Tensor[] Formula(Tensor?[] inputs)
    {
        var residual = inputs[1] is { } body && Path is { } path
            ? body * MaskTensor.Of(path, body.new_zeros([Shape[0], .. Shape[1..].Select(_ => 1L)]))
            : inputs[1];
        var sum = residual is null ? inputs[0]! : inputs[0]! + residual;
        var centered = Centers ? sum - sum.mean([-1], keepdim: true) : sum;
        var normalized = centered / (centered.square().mean([-1], keepdim: true) + Epsilon).sqrt();
        normalized = inputs[2] is { } weight ? normalized * weight : normalized;
        normalized = inputs[3] is { } bias ? normalized + bias : normalized;
        var result = Activation.Compose(normalized);
        result = Mask is { } mask ? result * MaskTensor.Of(mask, result) : result;
        return HasResidual ? [sum, result] : [result];
    }

    /// <summary>The outputs and, for fixed gradients of the outputs, the gradients of the inputs.</summary>
    internal (Tensor[] Outputs, Tensor?[] Gradients) Run(Func<Tensor?[], Tensor[]> function, ScalarType type)
    {
        var inputs = Leaves(type);
        var outputs = function(inputs);
        var loss = zeros([], type);
        for (var index = 0; index < outputs.Length; index++)
        {
            loss += (outputs[index] * Samples.Normal(20 + outputs.Length - index, Shape).to(type)).sum();
        }

        loss.backward();
        return ([.. outputs.Select(output => output.detach())], [.. inputs.Select(input => input?.grad)]);
    }

    /// <summary>Asserts that the kernel is no less precise than libtorch's float32, at every width of vectors.</summary>
    internal void Check()
    {
        using var scope = NewDisposeScope();
        var exact = Run(Formula, ScalarType.Float64);
        var libtorchs = Run(Formula, ScalarType.Float32);
        foreach (var width in VectorWidth.All)
        {
            using var vectors = new VectorWidth(width);
            var kernels = Run(inputs => Operation.Apply(inputs), ScalarType.Float32);
            for (var index = 0; index < exact.Outputs.Length; index++)
            {
                Accuracy.Check(exact.Outputs[index], libtorchs.Outputs[index], kernels.Outputs[index], $"output {index} of {this}, width {width}");
            }

            for (var index = 0; index < Inputs.Length; index++)
            {
                Assert.Equal(exact.Gradients[index] is null, kernels.Gradients[index] is null);
                if (exact.Gradients[index] is { } gradient)
                {
                    Accuracy.Check(gradient, libtorchs.Gradients[index]!, kernels.Gradients[index]!, $"gradient of {Inputs[index]} of {this}, width {width}");
                }
            }
        }
    }

    public override string ToString() =>
        $"{(HasResidual ? "residual + " : "")}{(Centers ? "LayerNorm" : "RMSNorm")}, "
        + $"{Activation.Name}{(Mask is null ? "" : ", dropout")}{(Path is null ? "" : ", drop path")} on "
            + $"[{string.Join(", ", Shape)}]{(IsAffine ? "" : " without weights")}";

    private static Tensor Leaf(int seed, long[] shape, double mean, ScalarType type)
    {
        using var values = Samples.Normal(seed, shape);
        // The same numbers in both precisions: those that float32 has.
        return (values + mean).to(ScalarType.Float32).to(type).detach().requires_grad_();
    }
}
