using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Elementwise;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>
/// Batch normalization, an activation and dropout. Kept for the backward pass are the input and five numbers a channel; mask and activation are computed again.
/// </summary>
/// <remarks>
/// Inputs: x; weight and bias or null; the running mean and variance where they, and not the batch's, are what normalizes, else null; and, if the norm is that
/// of a residual sum, the body that is added to x. Then the sum is the first output, and kept in the place of the input.
/// </remarks>
/// <param name="activation">What follows the norm.</param>
/// <param name="drop">What is dropped after it.</param>
/// <param name="epsilon">Of the norm.</param>
/// <param name="running">The statistics that move.</param>
/// <param name="path">A factor for each sample of the body; null for ones.</param>
internal sealed unsafe class BatchNormOperation<TActivation>(
    TActivation activation, BatchDrop drop, double epsilon, RunningStatistics running, DropoutMask? path = null) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    private const int Body = 5;

    private RunningStatistics running = running;

    internal override string Name => "batch normalization";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[0]!;
        var numbers = empty(5, x.size(1));
        kept?.Add(numbers);
        var output = empty_like(x);
        var sum = inputs.Length > Body ? empty_like(x) : null;
        var arguments = ArgumentsOf(inputs, sum ?? x, numbers);
        if (sum is not null)
        {
            kept?.Add(sum);
            arguments.Base = NativeTensor.Floats(x.Handle);
            arguments.Body = NativeTensor.Floats(inputs[Body]!.Handle);
            arguments.Path = path ?? default;
            arguments.HasPath = path is not null;
        }

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
        return sum is null ? [output] : [sum, output];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradients = new Tensor?[call.Inputs.Length];
        var isSum = gradients.Length > Body;
        var sumGradient = isSum ? call.Gradients[0] : null;
        if (call.Gradients[^1] is not { } gradient)
        {
            (gradients[0], gradients[Body]) = (sumGradient, call.Needs(Body) ? SampleScaling.Of(sumGradient, path) : null);
            return gradients;
        }

        for (var input = 0; input < 3; input++)
        {
            gradients[input] = call.Needs(input) || (input == 0 && isSum && call.Needs(Body)) ? empty_like(call.Inputs[input]!) : null;
        }

        var arguments = ArgumentsOf(call.Inputs, isSum ? call.Kept[1] : call.Inputs[0]!, call.Kept[0]);
        using var corrections = empty(2, arguments.Channels);
        arguments.GradSlope = NativeTensor.Floats(corrections.Handle);
        arguments.GradOffset = arguments.GradSlope + arguments.Channels;
        arguments.Gradient = NativeTensor.Floats(gradient.Handle);
        arguments.SumGradient = NativeTensor.FloatsOrNull(sumGradient);
        arguments.Result = NativeTensor.FloatsOrNull(gradients[0]);
        arguments.WeightGradient = NativeTensor.FloatsOrNull(gradients[1]);
        arguments.BiasGradient = NativeTensor.FloatsOrNull(gradients[2]);
        var needsSums = arguments.WeightGradient is not null || arguments.BiasGradient is not null || arguments.OfBatch;
        Run(arguments, (needsSums ? BatchSteps.Sums : 0) | (arguments.Result is not null ? BatchSteps.Gradient : 0));
        if (isSum)
        {
            gradients[Body] = call.Needs(Body) ? SampleScaling.Of(gradients[0], path) : null;
            gradients[0] = call.Needs(0) ? gradients[0] : null;
        }

        return gradients;
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var sum = inputs.Length <= Body ? null
            : path is { } samples ? AddDropPathOperation.Composed(inputs[0]!, inputs[Body]!, samples)
            : inputs[0]!.add(inputs[Body]!, Scalars.One);
        var normalized = nn.functional.batch_norm(sum ?? inputs[0]!, inputs[3]!, inputs[4]!, inputs[1]!, inputs[2]!, training: inputs[3] is null, momentum: 0,
            eps: epsilon);
        var result = drop.Compose(activation.Compose(normalized));
        return sum is null ? [result] : [sum, result];
    }

    /// <param name="inputs">Those of the call.</param>
    /// <param name="x">What is normalized.</param>
    /// <param name="numbers">Five for each channel.</param>
    private BatchNormArguments ArgumentsOf(Tensor?[] inputs, Tensor x, Tensor numbers)
    {
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
