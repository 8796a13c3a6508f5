using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary>Norm over rows, activation, dropout. Inputs: x <c>[..., width]</c>, weight and bias of the normalized shape or null.</summary>
/// <remarks>The backward pass needs x and one or two numbers a row; the composed operators keep four tensors of x's size.</remarks>
internal sealed unsafe class RowOperation<TNorm, TActivation>(long[] normalizedShape, double eps, TActivation activation, KeepMask? mask) : FusedOperation
    where TNorm : unmanaged, INorm
    where TActivation : unmanaged, IActivation
{
    /// <summary>So many elements make a chunk worth a thread.</summary>
    private const int Grain = 8192;

    /// <summary>The most chunks of a backward pass: each has sums of its own, which are added up in the end.</summary>
    private const int BackwardChunks = 64;

    internal override Tensor Forward(Tensor?[] inputs)
    {
        var x = inputs[0]!;
        var result = empty_like(x);
        var place = Place(x, inputs[1], inputs[2]);
        place.Output = NativeTensor.Floats(result.Handle);
        var statistics = IsTracked ? empty(TNorm.Centers ? 2 * place.Rows : place.Rows) : null;
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
            Kept.Add(statistics);
        }

        GC.KeepAlive(inputs);
        return result;
    }

    internal override void Backward(Tensor gradient, ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> kept, Span<Tensor?> gradients)
    {
        var (x, weight, bias) = (inputs[0]!, inputs[1], inputs[2]);
        var statistics = kept[0]!;
        var result = empty_like(x);
        var place = Place(x, weight, bias);
        place.Output = NativeTensor.Floats(gradient.Handle);
        place.Inverse = NativeTensor.Floats(statistics.Handle);
        place.Mean = place.Inverse + place.Rows;
        place.RowsPerChunk = (int)Math.Max(Math.Clamp(Grain / place.Width, 1, place.Rows), (place.Rows + BackwardChunks - 1) / BackwardChunks);
        var chunks = Chunks(place);
        var padded = RowBackward<TNorm, TActivation, Keeping>.Padded(place.Width);
        var chunkFloats = RowBackward<TNorm, TActivation, Keeping>.ChunkFloats(place.Width);
        var sums = Scratch.Floats(chunks * chunkFloats);
        var inputGradient = NativeTensor.Floats(result.Handle);
        if (mask is null)
        {
            ChunkLoop.Run(new RowBackward<TNorm, TActivation, Keeping>(place, activation, inputGradient, null, sums), chunks);
        }
        else
        {
            ChunkLoop.Run(new RowBackward<TNorm, TActivation, Dropping>(place, activation, inputGradient, null, sums), chunks);
        }

        GC.KeepAlive(gradient);
        GC.KeepAlive(statistics);
        gradients[0] = result;
        gradients[1] = Needs[1] ? Total(weight!, sums, chunks, chunkFloats, place.Width) : null;
        gradients[2] = Needs[2] ? Total(bias!, sums + padded, chunks, chunkFloats, place.Width) : null;
    }

    internal override Tensor Compose(ReadOnlySpan<Tensor?> inputs)
    {
        using var normalized = TNorm.Centers
            ? nn.functional.layer_norm(inputs[0]!, normalizedShape, inputs[1], inputs[2], eps)
            : RMSNorm.Compose(inputs[0]!, inputs[1], normalizedShape.Length, eps);
        var result = activation.Compose(normalized);
        return mask is { } drawn ? MaskTensor.Apply(drawn, result) : result;
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
