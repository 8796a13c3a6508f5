using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>Batch normalization, an activation and dropout. Kept for the backward pass are the input and five numbers a channel; mask and activation are computed again.</summary>
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
        var place = PlaceOf(inputs, numbers);
        place.Result = NativeTensor.Floats(output.Handle);
        place.RunningMean = (float*)running.Mean;
        place.RunningVariance = (float*)running.Variance;
        place.Momentum = running.Momentum;
        running = default;
        if (!place.OfBatch)
        {
            var mean = Floats(inputs[3]);
            var variance = Floats(inputs[4]);
            for (var channel = 0L; channel < place.Channels; channel++)
            {
                BatchNumbers.Set(place, channel, mean[channel], variance[channel]);
            }
        }

        Run(place, place.OfBatch ? BatchSteps.Statistics | BatchSteps.Apply : BatchSteps.Apply);
        return [output];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var gradients = new Tensor?[call.Inputs.Length];
        for (var input = 0; input < 3; input++)
        {
            gradients[input] = call.Needs(input) ? empty_like(call.Inputs[input]!) : null;
        }

        var place = PlaceOf(call.Inputs, call.Kept[0]);
        using var corrections = empty(2, place.Channels);
        place.Pull = NativeTensor.Floats(corrections.Handle);
        place.Level = place.Pull + place.Channels;
        place.Gradient = NativeTensor.Floats(call.Gradients[0]!.Handle);
        place.Result = Floats(gradients[0]);
        place.WeightGradient = Floats(gradients[1]);
        place.BiasGradient = Floats(gradients[2]);
        var needsSums = place.WeightGradient is not null || place.BiasGradient is not null || place.OfBatch;
        Run(place, (needsSums ? BatchSteps.Sums : 0) | (place.Result is not null ? BatchSteps.Gradient : 0));
        return gradients;
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var normalized = nn.functional.batch_norm(inputs[0]!, inputs[3]!, inputs[4]!, inputs[1]!, inputs[2]!, training: inputs[3] is null, momentum: 0, eps: epsilon);
        return [drop.Compose(activation.Compose(normalized))];
    }

    private static float* Floats(Tensor? tensor) => tensor is null ? null : NativeTensor.Floats(tensor.Handle);

    private BatchPlace PlaceOf(Tensor?[] inputs, Tensor numbers)
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
            Weight = Floats(inputs[1]),
            Bias = Floats(inputs[2]),
            Mean = rows,
            Inverse = rows + channels,
            Excess = rows + (2 * channels),
            Scale = rows + (3 * channels),
            Shift = rows + (4 * channels),
            Epsilon = epsilon,
            OfBatch = inputs[3] is null,
        };
    }

    private void Run(in BatchPlace place, BatchSteps steps)
    {
        using var factors = drop.PlaneFactors(place.Samples * place.Channels);
        switch (drop.Kind)
        {
            case DropKind.Elements:
                BatchPass.Run(place, activation, new ElementMask(drop.Mask), steps);
                break;
            case DropKind.Planes:
                BatchPass.Run(place, activation, new PlaneMask(Floats(factors)), steps);
                break;
            default:
                BatchPass.Run(place, activation, default(NoMask), steps);
                break;
        }
    }
}
