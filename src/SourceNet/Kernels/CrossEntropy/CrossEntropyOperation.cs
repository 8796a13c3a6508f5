using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Mean softmax cross-entropy. Inputs: logits <c>[N, C]</c>; targets as Int64 classes <c>[N]</c> or Float32 probabilities <c>[N, C]</c>; class weights <c>[C]</c> or null.</summary>
/// <remarks>The forward pass writes the gradient where it would otherwise throw the exponentials away; the backward pass multiplies it with one number.</remarks>
internal sealed unsafe class CrossEntropyOperation(double smoothing, long ignored) : FusedOperation
{
    private const int Grain = 16384;

    /// <summary>Mean softmax cross-entropy of logits <c>[N, C]</c>, by the kernel where it can read them.</summary>
    internal static Tensor Mean(Tensor logits, Tensor targets, Tensor? weight, double smoothing, long ignored)
    {
        var operation = new CrossEntropyOperation(smoothing, ignored);
        var readable = targets.dtype == ScalarType.Int64 ? targets.device_type == DeviceType.CPU && targets.is_contiguous() : CanRead(targets);
        return readable && !targets.requires_grad && weight is not { requires_grad: true } && CanRun(logits, weight)
            ? operation.ApplySingle(logits, targets, weight)
            : operation.Compose([logits, targets, weight])[0];
    }

    internal override string Name => "cross-entropy";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var (logits, targets, weights) = (inputs[0]!, inputs[1]!, inputs[2]);
        var classes = (int)logits.size(1);
        var gradient = kept is not null ? empty_like(logits) : null;
        var place = new CrossEntropyPlace
        {
            Logits = NativeTensor.Floats(logits.Handle),
            ClassWeights = weights is null ? null : NativeTensor.Floats(weights.Handle),
            Gradient = gradient is null ? null : NativeTensor.Floats(gradient.Handle),
            Rows = logits.size(0),
            Classes = classes,
            Ignored = ignored,
            Smoothing = (float)smoothing,
        };
        place.RowsPerChunk = (int)Math.Clamp(Grain / classes, 1, place.Rows);
        if (targets.dtype == ScalarType.Int64)
        {
            place.Classes64 = (long*)NativeTensor.Data(targets.Handle);
        }
        else
        {
            place.Probabilities = NativeTensor.Floats(targets.Handle);
        }

        place.Divisor = Divisor(place);
        place.Losses = (double*)Scratch.Floats(2L * place.Chunks);
        ChunkLoop.Run(new CrossEntropyWork(place, WeightSum(place)), place.Chunks);
        var loss = 0.0;
        for (var chunk = 0; chunk < place.Chunks; chunk++)
        {
            loss += place.Losses[chunk];
        }

        if (gradient is not null)
        {
            kept!.Add(gradient);
        }

        return [tensor((float)(loss / place.Divisor))];
    }

    internal override Tensor?[] Backward(BackwardCall call) =>
        // What is kept stays as it is, for a second pass over a retained graph: libtorch writes into no gradient that somebody else holds.
        [*NativeTensor.Floats(call.Gradients[0]!.Handle) == 1 ? call.Kept[0] : call.Kept[0].mul(call.Gradients[0]!), null, null];

    internal override Tensor[] Compose(Tensor?[] inputs) =>
        [nn.functional.cross_entropy(inputs[0]!, inputs[1]!, weight: inputs[2], ignore_index: ignored, label_smoothing: smoothing)];

    /// <summary>The rows that count, or the sum of their targets' weights; all rows for probabilities.</summary>
    private static double Divisor(in CrossEntropyPlace place)
    {
        if (place.Classes64 is null)
        {
            return place.Rows;
        }

        var sum = 0.0;
        for (var row = 0L; row < place.Rows; row++)
        {
            var target = place.Classes64[row];
            if (target == place.Ignored)
            {
                continue;
            }

            if (target < 0 || target >= place.Classes)
            {
                throw new ArgumentOutOfRangeException("targets", target, $"Target {row} is not a class: there are {place.Classes}, counted from 0.");
            }

            sum += place.ClassWeights is null ? 1 : place.ClassWeights[target];
        }

        return sum;
    }

    private static double WeightSum(in CrossEntropyPlace place)
    {
        if (place.ClassWeights is null)
        {
            return place.Classes;
        }

        var sum = 0.0;
        for (var i = 0; i < place.Classes; i++)
        {
            sum += place.ClassWeights[i];
        }

        return sum;
    }
}
