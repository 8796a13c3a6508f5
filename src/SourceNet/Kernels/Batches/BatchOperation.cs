using SourceNet.Activations;
using SourceNet.Kernels.Autograd;
using SourceNet.Kernels.Masks;
using SourceNet.Kernels.Native;
using SourceNet.Kernels.Threads;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Batches;

/// <summary>Batch norm, activation, dropout of elements or channels. Inputs: x <c>[N, C, ...]</c>, weight and bias <c>[C]</c> or null.</summary>
/// <param name="norm">Its running statistics are updated in the forward pass, or read.</param>
/// <param name="usesBatch">Whether statistics are those of the batch.</param>
/// <param name="activation">The activation.</param>
/// <param name="mask">What is dropped; null for nothing.</param>
/// <param name="dropsChannels">Whether the mask is of whole channels of a sample.</param>
internal sealed unsafe class BatchOperation<TActivation>(BatchNorm norm, bool usesBatch, TActivation activation, KeepMask? mask, bool dropsChannels) : FusedOperation
    where TActivation : unmanaged, IActivation
{
    /// <summary>So many elements make a chunk worth a thread.</summary>
    private const int Grain = 16384;

    /// <summary>Of small planes, so many neighboring numbers at least belong to a chunk: two threads must not share a cache line.</summary>
    private const int Neighbors = 256;

    private const int MostChannels = 1024;

    private readonly double eps = norm.eps;

    internal override string Name => $"batch norm and {typeof(TActivation).Name}";

    internal override Tensor[] Forward(Tensor?[] inputs, List<Tensor>? kept)
    {
        var x = inputs[0]!;
        var result = empty_like(x);
        var channels = x.size(1);
        var statistics = empty(2 * channels);
        var place = Place(x, inputs[1], inputs[2], statistics);
        place.Output = NativeTensor.Floats(result.Handle);
        if (!usesBatch)
        {
            ReadStatistics(place);
        }

        if (mask is null)
        {
            Forward<Keeping>(place);
        }
        else
        {
            Forward<Dropping>(place);
        }

        if (usesBatch)
        {
            UpdateStatistics(place);
        }

        kept?.Add(statistics);
        return [result];
    }

    internal override Tensor?[] Backward(BackwardCall call)
    {
        var x = call.Inputs[0]!;
        var result = call.Needs(0) ? empty_like(x) : null;
        var (weight, bias) = (empty(x.size(1)), empty(x.size(1)));
        var place = Place(x, call.Inputs[1], call.Inputs[2], call.Kept[0]);
        place.Output = NativeTensor.Floats(call.Gradients[0]!.Handle);
        var dx = result is null ? null : NativeTensor.Floats(result.Handle);
        var dw = NativeTensor.Floats(weight.Handle);
        var db = NativeTensor.Floats(bias.Handle);
        if (mask is null)
        {
            Backward<Keeping>(place, dx, dw, db);
        }
        else
        {
            Backward<Dropping>(place, dx, dw, db);
        }

        return [result, call.Needs(1) ? weight : null, call.Needs(2) ? bias : null];
    }

    internal override Tensor[] Compose(Tensor?[] inputs)
    {
        // The running statistics have had this batch already.
        using var normalized = usesBatch
            ? nn.functional.batch_norm(inputs[0]!, null, null, inputs[1], inputs[2], training: true, eps: eps)
            : nn.functional.batch_norm(inputs[0]!, norm.running_mean, norm.running_var, inputs[1], inputs[2], training: false, eps: eps);
        var result = activation.Compose(normalized);
        if (mask is not { } drawn)
        {
            return [result];
        }

        if (!dropsChannels)
        {
            return [MaskTensor.Apply(drawn, result)];
        }

        using (result)
        {
            var shape = new long[result.ndim];
            Array.Fill(shape, 1);
            (shape[0], shape[1]) = (result.size(0), result.size(1));
            using var like = empty(shape, result.dtype, result.device);
            using var factors = MaskTensor.Of(drawn, like);
            return [result.mul(factors)];
        }
    }

    private void Forward<TMasking>(in BatchPlace place)
        where TMasking : unmanaged, IMasking
    {
        if (place.Plane == 1)
        {
            ChunkLoop.Run(new ColumnForward<TActivation, TMasking>(place, activation, usesBatch), place.Chunks);
        }
        else
        {
            ChunkLoop.Run(new PlaneForward<TActivation, TMasking>(place, activation, usesBatch), place.Chunks);
        }
    }

    private void Backward<TMasking>(in BatchPlace place, float* dx, float* dw, float* db)
        where TMasking : unmanaged, IMasking
    {
        if (place.Plane == 1)
        {
            ChunkLoop.Run(new ColumnBackward<TActivation, TMasking>(place, activation, usesBatch, dx, dw, db), place.Chunks);
        }
        else
        {
            ChunkLoop.Run(new PlaneBackward<TActivation, TMasking>(place, activation, usesBatch, dx, dw, db), place.Chunks);
        }
    }

    private BatchPlace Place(Tensor x, Tensor? weight, Tensor? bias, Tensor statistics)
    {
        var (samples, channels) = ((int)x.size(0), (int)x.size(1));
        var plane = (int)(NativeTensor.Count(x.Handle) / ((long)samples * channels));
        var place = new BatchPlace
        {
            Input = NativeTensor.Floats(x.Handle),
            Weight = NativeTensor.Floats((weight ?? Constants.Ones(channels)).Handle),
            Bias = NativeTensor.Floats((bias ?? Constants.Zeros(channels)).Handle),
            Mean = NativeTensor.Floats(statistics.Handle),
            Inverse = NativeTensor.Floats(statistics.Handle) + channels,
            Samples = samples,
            Channels = channels,
            Plane = plane,
            Eps = eps,
            Mask = mask ?? default,
            // Of features, a channel is the number itself.
            DropsChannels = dropsChannels && plane > 1,
        };
        place.ChannelsPerChunk = ChannelsPerChunk(place);
        return place;
    }

    private static int ChannelsPerChunk(in BatchPlace place)
    {
        if (place.Plane == 1)
        {
            // Whole cache lines of as many columns as make a chunk.
            return (int)Math.Clamp(((Grain / place.Samples) + 15) & ~15, 32, ColumnSums.MostColumns);
        }

        var enough = Math.Max(Grain / place.Count, Neighbors / place.Plane);
        return (int)Math.Clamp(enough, 1, MostChannels);
    }

    private void ReadStatistics(in BatchPlace place)
    {
        var mean = NativeTensor.Floats(norm.running_mean!.Handle);
        var variance = NativeTensor.Floats(norm.running_var!.Handle);
        for (var channel = 0; channel < place.Channels; channel++)
        {
            place.Mean[channel] = mean[channel];
            place.Inverse[channel] = (float)(1 / Math.Sqrt(variance[channel] + eps));
        }
    }

    /// <summary>Moves the running statistics toward those of the batch as libtorch does: the variance is the unbiased one, which one number a channel does not have.</summary>
    private void UpdateStatistics(in BatchPlace place)
    {
        if (!norm.training || norm.running_mean is not { } mean || norm.running_var is not { } variance)
        {
            return;
        }

        var means = NativeTensor.Floats(mean.Handle);
        var variances = NativeTensor.Floats(variance.Handle);
        var momentum = norm.momentum!.Value;
        var unbiased = place.Count / (double)(place.Count - 1);
        for (var channel = 0; channel < place.Channels; channel++)
        {
            var inverse = (double)place.Inverse[channel];
            var batchVariance = place.Count == 1 ? double.NaN : Math.Max(0, (1 / (inverse * inverse)) - eps) * unbiased;
            means[channel] = (float)(((1 - momentum) * means[channel]) + (momentum * place.Mean[channel]));
            variances[channel] = (float)(((1 - momentum) * variances[channel]) + (momentum * batchVariance));
        }

        VersionCounter.Wrote(mean);
        VersionCounter.Wrote(variance);
        norm.num_batches_tracked?.add_(Scalars.One);
    }
}
