using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Random;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary>
/// <c>mask · f(norm(x + residual))</c> over the last axes. The inputs are x, the residual, weight and bias, all but the first of which may be missing; the outputs are x + residual, if there is one, and
/// the result. Besides its inputs it keeps the statistics of the rows and x + residual, which is an output anyway.
/// </summary>
internal sealed unsafe class RowNormOperation<TNorm, TActivation>(TActivation activation, KeepMask? mask, long[] shape, double epsilon) : FusedOperation
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
        Run(new RowForward
        {
            X = Floats(x),
            Residual = Floats(residual),
            Sum = Floats(sum),
            Weight = Floats(inputs[Weight]),
            Bias = Floats(inputs[Bias]),
            Result = Floats(result),
            Means = Floats(means),
            Inverses = Floats(inverses),
            Rows = rows,
            Features = features,
            Epsilon = epsilon,
        });
        foreach (var tensor in new[] { inverses, means, sum })
        {
            if (tensor is not null)
            {
                kept?.Add(tensor);
            }
        }

        return sum is null ? [result] : [sum, result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradient = call.Gradients[^1];
        var sumGradient = call.Gradients.Length > 1 ? call.Gradients[0] : null;
        if (gradient is null)
        {
            return [sumGradient, sumGradient, null, null];
        }

        var weight = call.Inputs[Weight];
        var bias = call.Inputs[Bias];
        var normalized = call.Inputs[Residual] is null ? call.Inputs[X]! : call.Kept[^1];
        var xGradient = call.Needs(X) || call.Needs(Residual) ? normalized.empty_like() : null;
        var weightGradient = call.Needs(Weight) ? weight!.empty_like() : null;
        var biasGradient = call.Needs(Bias) ? bias!.empty_like() : null;
        var (rows, features) = Sizes(normalized);
        Run(new RowBackward
        {
            X = Floats(normalized),
            Gradient = Floats(gradient),
            Weight = Floats(weight),
            Bias = Floats(bias),
            Inverses = Floats(call.Kept[0]),
            Means = TNorm.Centers ? Floats(call.Kept[1]) : null,
            SumGradient = Floats(sumGradient),
            XGradient = Floats(xGradient),
            WeightGradient = Floats(weightGradient),
            BiasGradient = Floats(biasGradient),
            Rows = rows,
            Features = features,
        });
        return [call.Needs(X) ? xGradient : null, call.Needs(Residual) ? xGradient : null, weightGradient, biasGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var sum = inputs[Residual] is { } residual ? inputs[X]!.add(residual, Scalars.One) : null;
        var normalized = TNorm.Compose(sum ?? inputs[X]!, inputs[Weight], inputs[Bias], shape, epsilon);
        var activated = activation.Compose(normalized);
        var result = mask is { } drops ? Dropping.Compose(activated, drops) : activated;
        return sum is null ? [result] : [sum, result];
    }

    private static float* Floats(Tensor? tensor) => tensor is null ? null : NativeTensor.Floats(tensor.Handle);

    private (int Rows, int Features) Sizes(Tensor x)
    {
        var features = 1L;
        foreach (var size in shape)
        {
            features *= size;
        }

        return ((int)(NativeTensor.Count(x.Handle) / features), (int)features);
    }

    private void Run(RowForward memory)
    {
        if (mask is { } drops)
        {
            memory.Run<TNorm, TActivation, DropoutMask>(activation, new(drops));
        }
        else
        {
            memory.Run<TNorm, TActivation, NoMask>(activation, default);
        }
    }

    private void Run(RowBackward memory)
    {
        if (mask is { } drops)
        {
            memory.Run<TNorm, TActivation, DropoutMask>(activation, new(drops));
        }
        else
        {
            memory.Run<TNorm, TActivation, NoMask>(activation, default);
        }
    }
}
