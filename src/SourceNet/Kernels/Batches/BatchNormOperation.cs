using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Batch normalization, an activation and dropout. Kept for the backward pass are the input and five numbers a channel; mask and activation are computed again.
/// </summary>
/// <remarks>Inputs: x; weight and bias or null; the running mean and variance where they, and not the batch's, are what normalizes, else null.</remarks>
internal sealed unsafe class BatchNormOperation<TActivation>(TActivation activation, BatchDrop drop, double epsilon, RunningStatistics running) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    private RunningStatistics running = running;

    internal override string Name => "batch normalization";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var numbers = empty(5, inputs[0]!.size(1));
        kept?.Add(numbers);
        var output = empty_like(inputs[0]!);
        var arguments = ArgumentsOf(inputs, numbers);
        arguments.Result = NativeTensor.Floats(output.Handle);
        arguments.RunningMean = (float*)running.Mean;
        arguments.RunningVariance = (float*)running.Variance;
        arguments.Momentum = running.Momentum;
        running = default;
        if (!arguments.OfBatch)
        {
            var mean = NativeTensor.FloatsOrNull(inputs[3]);
            var variance = NativeTensor.FloatsOrNull(inputs[4]);
            for (var channel = 0L; channel < arguments.Channels; channel++)
            {
                ChannelStatistics.Set(arguments, channel, mean[channel], variance[channel]);
            }
        }

        Run(arguments, arguments.OfBatch ? BatchSteps.Statistics | BatchSteps.Apply : BatchSteps.Apply);
        return [output];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradients = new Tensor?[call.Inputs.Length];
        for (var input = 0; input < 3; input++)
        {
            gradients[input] = call.Needs(input) ? empty_like(call.Inputs[input]!) : null;
        }

        var arguments = ArgumentsOf(call.Inputs, call.Kept[0]);
        using var corrections = empty(2, arguments.Channels);
        arguments.GradSlope = NativeTensor.Floats(corrections.Handle);
        arguments.GradOffset = arguments.GradSlope + arguments.Channels;
        arguments.Gradient = NativeTensor.Floats(call.Gradients[0]!.Handle);
        arguments.Result = NativeTensor.FloatsOrNull(gradients[0]);
        arguments.WeightGradient = NativeTensor.FloatsOrNull(gradients[1]);
        arguments.BiasGradient = NativeTensor.FloatsOrNull(gradients[2]);
        var needsSums = arguments.WeightGradient is not null || arguments.BiasGradient is not null || arguments.OfBatch;
        Run(arguments, (needsSums ? BatchSteps.Sums : 0) | (arguments.Result is not null ? BatchSteps.Gradient : 0));
        return gradients;
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var normalized = nn.functional.batch_norm(inputs[0]!, inputs[3]!, inputs[4]!, inputs[1]!, inputs[2]!, training: inputs[3] is null, momentum: 0,
            eps: epsilon);
        return [drop.Compose(activation.Compose(normalized))];
    }

    private BatchNormArguments ArgumentsOf(Tensor?[] inputs, Tensor numbers)
    {
        var x = inputs[0]!;
        var (samples, channels) = (x.size(0), x.size(1));
        var rows = NativeTensor.Floats(numbers.Handle);
        return new()
        {
            Samples = samples,
            Channels = channels,
            Size = NativeTensor.Count(x.Handle) / (samples * channels),
            X = NativeTensor.Floats(x.Handle),
            Weight = NativeTensor.FloatsOrNull(inputs[1]),
            Bias = NativeTensor.FloatsOrNull(inputs[2]),
            Mean = rows,
            InverseDeviation = rows + channels,
            MeanRoundingError = rows + (2 * channels),
            Scale = rows + (3 * channels),
            Shift = rows + (4 * channels),
            Epsilon = epsilon,
            OfBatch = inputs[3] is null,
        };
    }

    private void Run(in BatchNormArguments arguments, BatchSteps steps)
    {
        switch (drop.Granularity)
        {
            case MaskGranularity.None:
                BatchNormPass.Run(arguments, activation, default(NoMask), steps);
                break;
            case MaskGranularity.Elements:
                BatchNormPass.Run(arguments, activation, drop.Mask, steps);
                break;
            case MaskGranularity.Channels:
                BatchNormPass.Run(arguments, activation, new ChannelMask(drop.Mask), steps);
                break;
            default:
                throw new InvalidOperationException($"There is no dropout of {drop.Granularity}.");
        }
    }
}
