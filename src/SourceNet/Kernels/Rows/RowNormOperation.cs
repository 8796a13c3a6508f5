using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary>
/// <c>mask · f(norm(x + path · residual))</c> over the last axes. The inputs are x, the residual, weight and bias, all but the first of which may be missing;
/// the outputs are x + path · residual, if there is one, and the result. Besides its inputs it keeps the statistics of the rows and x + path · residual, which
/// is an output anyway.
/// </summary>
/// <param name="activation">What follows the norm.</param>
/// <param name="mask">Of the dropout after the activation; null for none.</param>
/// <param name="shape">The axes that are normalized over.</param>
/// <param name="epsilon">Of the norm.</param>
/// <param name="path">A factor for each sample of the residual, whose first axis is not normalized over; null for ones.</param>
/// <param name="givesSum">Whether the sum is an output. One that nobody takes is kept for the backward pass alone.</param>
internal sealed unsafe class RowNormOperation<TNorm, TActivation>(
    TActivation activation, DropoutMask? mask, long[] shape, double epsilon, DropoutMask? path = null, bool givesSum = true) : FusedOperation
    where TNorm : struct, IRowNorm
    where TActivation : unmanaged, IActivation
{
    private const int X = 0;
    private const int Residual = 1;
    private const int Weight = 2;
    private const int Bias = 3;

    internal override string Name => $"{(TNorm.Centers ? "LayerNorm" : "RMSNorm")} and {typeof(TActivation).Name}";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[X]!;
        var residual = inputs[Residual];
        var result = x.empty_like();
        var sum = residual is null ? null : x.empty_like();
        var (rows, features) = Sizes(x);
        var inverses = kept is null ? null : empty(rows);
        var means = kept is null || !TNorm.Centers ? null : empty(rows);
        if (mask is { } drops)
        {
            Pass(drops).Run();
        }
        else
        {
            Pass(default(NoMask)).Run();
        }

        foreach (var tensor in new[] { inverses, means, sum })
        {
            if (tensor is not null)
            {
                kept?.Add(tensor);
            }
        }

        return sum is null || !givesSum ? [result] : [sum, result];

        RowNormForward<TNorm, TActivation, TMask> Pass<TMask>(TMask mask)
            where TMask : unmanaged, IMask => new(activation, mask)
            {
                X = NativeTensor.Floats(x.Handle),
                Residual = NativeTensor.FloatsOrNull(residual),
                Path = path ?? default,
                RowsInSample = path is null ? 0 : rows / (int)NativeTensor.Size(x.Handle, 0),
                Sum = NativeTensor.FloatsOrNull(sum),
                Weight = NativeTensor.FloatsOrNull(inputs[Weight]),
                Bias = NativeTensor.FloatsOrNull(inputs[Bias]),
                Result = NativeTensor.Floats(result.Handle),
                Means = NativeTensor.FloatsOrNull(means),
                Inverses = NativeTensor.FloatsOrNull(inverses),
                Rows = rows,
                Features = features,
                Epsilon = epsilon,
            };
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradient = call.Gradients[^1];
        var sumGradient = call.Gradients.Length > 1 ? call.Gradients[0] : null;
        if (gradient is null)
        {
            return [sumGradient, call.Needs(Residual) ? SampleScaling.Of(sumGradient, path) : null, null, null];
        }

        var weight = call.Inputs[Weight];
        var bias = call.Inputs[Bias];
        var normalized = call.Inputs[Residual] is null ? call.Inputs[X]! : call.Kept[^1];
        var xGradient = call.Needs(X) || call.Needs(Residual) ? normalized.empty_like() : null;
        var weightGradient = call.Needs(Weight) ? weight!.empty_like() : null;
        var biasGradient = call.Needs(Bias) ? bias!.empty_like() : null;
        var (rows, features) = Sizes(normalized);
        if (mask is { } drops)
        {
            Pass(drops).Run();
        }
        else
        {
            Pass(default(NoMask)).Run();
        }

        return [call.Needs(X) ? xGradient : null, call.Needs(Residual) ? SampleScaling.Of(xGradient, path) : null, weightGradient, biasGradient];

        RowNormBackward<TNorm, TActivation, TMask> Pass<TMask>(TMask mask)
            where TMask : unmanaged, IMask => new(activation, mask)
            {
                X = NativeTensor.Floats(normalized.Handle),
                Gradient = NativeTensor.Floats(gradient.Handle),
                Weight = NativeTensor.FloatsOrNull(weight),
                Bias = NativeTensor.FloatsOrNull(bias),
                Inverses = NativeTensor.Floats(call.Kept[0].Handle),
                Means = TNorm.Centers ? NativeTensor.Floats(call.Kept[1].Handle) : null,
                SumGradient = NativeTensor.FloatsOrNull(sumGradient),
                XGradient = NativeTensor.FloatsOrNull(xGradient),
                WeightGradient = NativeTensor.FloatsOrNull(weightGradient),
                BiasGradient = NativeTensor.FloatsOrNull(biasGradient),
                Rows = rows,
                Features = features,
            };
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var sum = inputs[Residual] is not { } residual ? null
            : path is { } samples ? AddDropPathOperation.Composed(inputs[X]!, residual, samples)
            : inputs[X]!.add(residual, Scalars.One);
        var normalized = TNorm.Compose(sum ?? inputs[X]!, inputs[Weight], inputs[Bias], shape, epsilon);
        var activated = activation.Compose(normalized);
        var result = mask is { } drops ? Dropping.Compose(activated, drops) : activated;
        return sum is null || !givesSum ? [result] : [sum, result];
    }

    private (int Rows, int Features) Sizes(Tensor x)
    {
        var features = 1L;
        foreach (var size in shape)
        {
            features *= size;
        }

        return ((int)(NativeTensor.Count(x.Handle) / features), (int)features);
    }
}
