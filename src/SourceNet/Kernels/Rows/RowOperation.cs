using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary>
/// Norm over rows, activation, dropout. Inputs: x <c>[..., width]</c>, weight and bias of the normalized shape or null and, if there is a fourth, a residual of x's shape that is added first. Outputs: the
/// result and, with a residual, the sum.
/// </summary>
/// <remarks>The backward pass needs x and one or two numbers a row; the composed operators keep four tensors of x's size.</remarks>
internal sealed unsafe class RowOperation<TNorm, TActivation>(long[] normalizedShape, double eps, TActivation activation, KeepMask? mask) : FusedOperation
    where TNorm : unmanaged, INorm
    where TActivation : unmanaged, IActivation
{
    /// <summary>The place of the residual among the inputs.</summary>
    private const int Residual = 3;

    /// <summary>So many elements make a chunk worth a thread.</summary>
    private const int Grain = 8192;

    /// <summary>The most chunks of a backward pass: each has sums of its own, which are added up in the end.</summary>
    private const int BackwardChunks = 64;

    internal override string Name => $"{typeof(TNorm).Name} norm and {typeof(TActivation).Name}";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[0]!;
        var result = empty_like(x);
        var sum = inputs.Length > Residual ? empty_like(x) : null;
        var place = Place(x, inputs[1], inputs[2]);
        place.Output = NativeTensor.Floats(result.Handle);
        if (sum is not null)
        {
            place.Residual = NativeTensor.Floats(inputs[Residual]!.Handle);
            place.Sum = NativeTensor.Floats(sum.Handle);
        }

        var statistics = kept is not null ? empty(TNorm.Centers ? 2 * place.Rows : place.Rows) : null;
        place.Inverse = statistics is null ? Scratch.Floats(2 * place.Rows) : NativeTensor.Floats(statistics.Handle);
        place.Mean = place.Inverse + place.Rows;
        place.RowsPerChunk = (int)Math.Clamp(Grain / place.Width, 1, place.Rows);
        if (mask is null)
        {
            ChunkLoop.Run(new RowForward<TNorm, TActivation, Keeping>(place, activation), Chunks(place));
        }
        else
        {
            ChunkLoop.Run(new RowForward<TNorm, TActivation, Dropping>(place, activation), Chunks(place));
        }

        if (statistics is not null)
        {
            kept!.Add(statistics);
        }

        if (sum is null)
        {
            return [result];
        }

        kept?.Add(sum);
        return [result, sum];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var adds = call.Inputs.Length > Residual;
        var sumGradient = adds ? call.Gradients[1] : null;
        if (call.Gradients[0] is not { } gradient)
        {
            // Only the sum was used.
            return [sumGradient, null, null, sumGradient];
        }

        var (x, weight, bias) = (adds ? call.Kept[1] : call.Inputs[0]!, call.Inputs[1], call.Inputs[2]);
        var result = empty_like(x);
        var place = Place(x, weight, bias);
        place.Output = NativeTensor.Floats(gradient.Handle);
        place.Inverse = NativeTensor.Floats(call.Kept[0].Handle);
        place.Mean = place.Inverse + place.Rows;
        place.RowsPerChunk = (int)Math.Max(Math.Clamp(Grain / place.Width, 1, place.Rows), (place.Rows + BackwardChunks - 1) / BackwardChunks);
        var chunks = Chunks(place);
        var padded = RowBackward<TNorm, TActivation, Keeping>.Padded(place.Width);
        var chunkFloats = RowBackward<TNorm, TActivation, Keeping>.ChunkFloats(place.Width);
        var sums = Scratch.Floats(chunks * chunkFloats);
        var inputGradient = NativeTensor.Floats(result.Handle);
        var added = sumGradient is null ? null : NativeTensor.Floats(sumGradient.Handle);
        if (mask is null)
        {
            ChunkLoop.Run(new RowBackward<TNorm, TActivation, Keeping>(place, activation, inputGradient, added, sums), chunks);
        }
        else
        {
            ChunkLoop.Run(new RowBackward<TNorm, TActivation, Dropping>(place, activation, inputGradient, added, sums), chunks);
        }

        var weightGradient = call.Needs(1) ? Total(weight!, sums, chunks, chunkFloats, place.Width) : null;
        var biasGradient = call.Needs(2) ? Total(bias!, sums + padded, chunks, chunkFloats, place.Width) : null;
        return adds ? [result, weightGradient, biasGradient, result] : [result, weightGradient, biasGradient];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        var sum = inputs.Length > Residual ? inputs[0]!.add(inputs[Residual]!) : null;
        var x = sum ?? inputs[0]!;
        using var normalized = TNorm.Centers
            ? nn.functional.layer_norm(x, normalizedShape, inputs[1], inputs[2], eps)
            : RMSNorm.Compose(x, inputs[1], normalizedShape.Length, eps);
        var result = activation.Compose(normalized);
        result = mask is { } drawn ? MaskTensor.Apply(drawn, result) : result;
        return sum is null ? [result] : [result, sum];
    }

    private RowPlace Place(Tensor x, Tensor? weight, Tensor? bias)
    {
        var width = normalizedShape.Aggregate(1L, (product, size) => product * size);
        var place = new RowPlace
        {
            Input = NativeTensor.Floats(x.Handle),
            Weight = NativeTensor.Floats((weight ?? Constants.Ones(width)).Handle),
            Width = (int)width,
            Rows = NativeTensor.Count(x.Handle) / width,
            Eps = eps,
            Mask = mask ?? default,
        };
        if (TNorm.Centers)
        {
            place.Bias = NativeTensor.Floats((bias ?? Constants.Zeros(width)).Handle);
        }

        return place;
    }

    private static int Chunks(in RowPlace place) => (int)((place.Rows + place.RowsPerChunk - 1) / place.RowsPerChunk);

    /// <summary>Adds the sums of the chunks, in their order whatever threads they ran on.</summary>
    private static Tensor Total(Tensor like, float* sums, int chunks, long stride, int width)
    {
        var total = empty_like(like);
        var target = NativeTensor.Floats(total.Handle);
        for (var i = 0; i < width; i++)
        {
            target[i] = sums[i];
        }

        for (var chunk = 1; chunk < chunks; chunk++)
        {
            var source = sums + (chunk * stride);
            for (var i = 0; i < width; i++)
            {
                target[i] += source[i];
            }
        }

        GC.KeepAlive(total);
        return total;
    }
}
