using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Kernels.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>
/// The mean of softmax cross-entropy over rows. The forward pass reads the logits once and writes their gradient along the way, if there will be a backward
/// pass: what the loss needs is what the
/// gradient needs. The backward pass then has nothing to do but to multiply, and where the loss is what is differentiated not even that.
/// </summary>
/// <remarks>Inputs: logits [N, C]; targets, indices [N] or probabilities [N, C]; weights of the classes [C] or null.</remarks>
internal sealed unsafe class CrossEntropyOperation(double labelSmoothing, long ignoreIndex) : FusedOperation
{
    internal override string Name => "cross-entropy";

    /// <summary>Whether the kernel can read these. Targets and weights that want gradients are left to TorchSharp's operators.</summary>
    internal static bool Takes(Tensor logits, Tensor targets, Tensor? weight) =>
        FusedKernels.AreAllowed && NativeTensor.IsAvailable
        && logits.ndim == 2 && NativeTensor.Floats(logits.Handle) is not null && logits.size(1) <= int.MaxValue
        && (NativeTensor.Floats(targets.Handle) is not null
            || (targets.dtype == ScalarType.Int64 && targets.device_type == DeviceType.CPU && !targets.is_sparse && targets.is_contiguous()))
        && !targets.requires_grad
        && (weight is null || (NativeTensor.Floats(weight.Handle) is not null && !weight.requires_grad));

    /// <summary>The loss, a scalar.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index is neither that of a class nor the one to ignore.</exception>
    internal Tensor Apply(Tensor logits, Tensor targets, Tensor? weight) => Apply([logits, targets, weight])[0];

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var (logits, targets, weight) = (inputs[0]!, inputs[1]!, inputs[2]);
        var (rows, classes) = (logits.size(0), logits.size(1));
        var rowsInChunk = Math.Max(1, Grain.Heavy / classes);
        var chunks = (int)((rows + rowsInChunk - 1) / rowsInChunk);
        var gradient = kept is null ? null : empty_like(logits);
        if (gradient is not null)
        {
            kept!.Add(gradient);
        }

        var sums = new double[chunks];
        fixed (double* sumsOfChunks = sums)
        {
            var arguments = new CrossEntropyArguments
            {
                Logits = NativeTensor.Floats(logits.Handle),
                Gradient = gradient is null ? null : NativeTensor.Floats(gradient.Handle),
                Indices = targets.dtype == ScalarType.Int64 ? (long*)NativeTensor.Data(targets.Handle) : null,
                ClassWeights = weight is null ? null : NativeTensor.Floats(weight.Handle),
                Sums = sumsOfChunks,
                Rows = rows,
                Classes = classes,
                RowsInChunk = rowsInChunk,
                IgnoreIndex = ignoreIndex,
                TargetWeight = (float)(1 - labelSmoothing),
            };
            var divisor = arguments.Indices is null ? rows : Divisor(arguments);
            arguments.Scale = (float)(1 / divisor);
            Run(arguments, arguments.Indices is null ? NativeTensor.Floats(targets.Handle) : null, chunks);
            var loss = empty([]);
            *NativeTensor.Floats(loss.Handle) = (float)(sums.Sum() / divisor);
            return [loss];
        }
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var factor = call.Gradients[0]!;
        var gradient = call.Kept[0];
        return [*NativeTensor.Floats(factor.Handle) == 1 ? gradient : gradient.mul(factor), null, null];
    }

    internal override Tensor[] Compose(Tensor?[] inputs) =>
        [nn.functional.cross_entropy(inputs[0]!, inputs[1]!, inputs[2], ignoreIndex, label_smoothing: labelSmoothing)];

    /// <summary>The weights of the targets, together. Checks every index before a kernel trusts it.</summary>
    private static double Divisor(in CrossEntropyArguments arguments)
    {
        var sum = 0.0;
        for (var row = 0L; row < arguments.Rows; row++)
        {
            var target = arguments.Indices[row];
            if (target == arguments.IgnoreIndex)
            {
                continue;
            }

            if ((ulong)target >= (ulong)arguments.Classes)
            {
                throw new ArgumentOutOfRangeException("targets", target,
                    $"Target {target}, at {row} of {arguments.Rows}, is out of bounds: there are {arguments.Classes} classes, counted from 0.");
            }

            sum += arguments.ClassWeights is null ? 1 : arguments.ClassWeights[target];
        }

        return sum;
    }

    private void Run(in CrossEntropyArguments arguments, float* probabilities, int chunks)
    {
        var each = (float)(labelSmoothing / arguments.Classes);
        if (probabilities is not null)
        {
            var smoothed = new ProbabilityWeights(probabilities, arguments.TargetWeight, each);
            if (arguments.ClassWeights is null)
            {
                Run(arguments, smoothed, chunks);
            }
            else
            {
                Run(arguments, new WeightedProbabilities(arguments.ClassWeights, smoothed), chunks);
            }
        }
        else if (labelSmoothing == 0)
        {
            Run(arguments, default(NoWeights), chunks);
        }
        else if (arguments.ClassWeights is null)
        {
            Run(arguments, new EqualWeights(each), chunks);
        }
        else
        {
            Run(arguments, new ClassWeights(arguments.ClassWeights, each), chunks);
        }
    }

    private static void Run<TWeights>(in CrossEntropyArguments arguments, TWeights weights, int chunks)
        where TWeights : unmanaged, ITargetWeights
    {
        arguments.Check();
        SimdWidth.Run(new CrossEntropyWork<TWeights>(arguments, weights), chunks);
    }
}
