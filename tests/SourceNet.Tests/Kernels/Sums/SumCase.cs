using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Tests.Activations;
using SourceNet.Tests.Kernels.Vectors;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Sums;

/// <summary>One call of a residual sum with an activation: as a kernel, and by the formula in any precision.</summary>
/// <param name="Activation">Which function.</param>
/// <param name="Mask">Of dropout, null for none.</param>
/// <param name="Path">Of the samples of the body, null for none.</param>
/// <param name="GivesSum">Whether the sum is an output too.</param>
/// <param name="Shape">Of both inputs.</param>
internal sealed record SumCase(
    ActivationCase Activation,
    DropoutMask? Mask,
    DropoutMask? Path,
    bool GivesSum,
    long[] Shape) : IActivationVisitor<FusedOperation>
{
    internal FusedOperation Operation => Activation.Accept(this);

    FusedOperation IActivationVisitor<FusedOperation>.Visit<TActivation>(TActivation activation) =>
        new AddActivationOperation<TActivation>(activation, Mask, Path, GivesSum);

    /// <summary>x and body, the same numbers in every precision: those that float32 has.</summary>
    internal Tensor[] Leaves(ScalarType type) =>
        [.. new[] { 1, 2 }.Select(seed => Samples.Normal(seed, Shape).to(ScalarType.Float32).to(type).detach().requires_grad_())];

    /// <summary>The outputs by the formula: the sum if it is one, and the result.</summary>
    internal Tensor[] Formula(Tensor?[] inputs)
    {
        var body = inputs[1]!;
        var sum = inputs[0]! + (Path is { } path ? body * MaskTensor.Of(path, body.new_zeros([Shape[0], .. Shape[1..].Select(_ => 1L)])) : body);
        var result = Activation.Compose(sum);
        result = Mask is { } mask ? result * MaskTensor.Of(mask, result) : result;
        return GivesSum ? [sum, result] : [result];
    }

    /// <summary>The outputs and, for fixed gradients of the outputs, the gradients of the inputs.</summary>
    internal (Tensor[] Outputs, Tensor?[] Gradients) Run(Func<Tensor?[], Tensor[]> function, ScalarType type)
    {
        var inputs = Leaves(type);
        var outputs = function(inputs);
        outputs
            .Select((output, place) => (output * Samples.Normal(20 + outputs.Length - place, Shape).to(type)).sum())
            .Aggregate((one, other) => one + other)
            .backward();
        return ([.. outputs.Select(output => output.detach())], [.. inputs.Select(input => input.grad)]);
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

            for (var index = 0; index < 2; index++)
            {
                Accuracy.Check(exact.Gradients[index]!, libtorchs.Gradients[index]!, kernels.Gradients[index]!, $"gradient {index} of {this}, width {width}");
            }
        }
    }

    public override string ToString() =>
        $"sum, {Activation.Name}{(Mask is null ? "" : ", dropout")}{(Path is null ? "" : ", drop path")}{(GivesSum ? ", sum given" : "")} on "
            + $"[{string.Join(", ", Shape)}]";
}
