using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Turns the bytes of an image into the numbers that a model takes.</summary>
/// <remarks>Each image by itself and in one pass, while it is in the first-level cache. Objects are immutable: threads share them.</remarks>
public abstract class ImageTransform
{
    /// <summary>About how many values a thread takes at once: to wake up one takes as long as 100 000 of them.</summary>
    private const int Grain = 1 << 17;

    /// <summary>What becomes of the shape of an image.</summary>
    /// <exception cref="ArgumentException">Images of this shape cannot be transformed.</exception>
    public abstract ImageShape OutputShape(ImageShape input);

    /// <summary>Transforms one image.</summary>
    /// <param name="image"><c>[C, H, W]</c>, values from 0 to 255.</param>
    /// <param name="shape">Its shape, one that <see cref="OutputShape"/> takes.</param>
    /// <param name="output">Receives an image of <see cref="OutputShape"/>.</param>
    /// <param name="key">What random draws depend on.</param>
    public abstract void Apply(ReadOnlySpan<byte> image, ImageShape shape, Span<float> output, RandomKey key);

    /// <summary>Transforms a batch, on as many threads as <c>torch.get_num_threads()</c> says.</summary>
    /// <param name="images">Bytes <c>[N, C, H, W]</c> on the CPU.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="indices">The index of each image in its data set, which its random draw depends on; 0 to N − 1 if nothing is said.</param>
    /// <returns>Float32 <c>[N, C, H, W]</c>.</returns>
    /// <exception cref="ArgumentException">The tensor is not such a batch, or has not as many images as there are indices.</exception>
    public Tensor Apply(Tensor images, long seed = 0, int epoch = 0, int[]? indices = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.ndim != 4 || images.dtype != ScalarType.Byte || images.device_type != DeviceType.CPU)
        {
            throw new ArgumentException(
                $"Expected bytes [N, C, H, W] on the CPU, found {images.dtype} [{string.Join(", ", images.shape)}] on {images.device_type}.",
                nameof(images));
        }

        var count = checked((int)images.size(0));
        if (indices is not null && indices.Length != count)
        {
            throw new ArgumentException($"Expected an index for each of {count} images, found {indices.Length}.", nameof(indices));
        }

        var shape = new ImageShape((int)images.size(1), (int)images.size(2), (int)images.size(3));
        var outputShape = OutputShape(shape);
        using var scope = NewDisposeScope();
        var dense = images.contiguous();
        var output = empty(count, outputShape.Channels, outputShape.Height, outputShape.Width, dtype: ScalarType.Float32);
        ApplyInParallel(dense, shape, output, outputShape, index => new RandomKey(seed, epoch, indices is null ? index : indices[index]));
        return output.MoveToOuterDisposeScope();
    }

    /// <remarks>On the thread pool of .NET, not on libtorch's threads: a batch may be made while another thread computes with these.</remarks>
    private unsafe void ApplyInParallel(Tensor images, ImageShape shape, Tensor output, ImageShape outputShape, Func<int, RandomKey> key)
    {
        var count = (int)images.size(0);
        if (count == 0)
        {
            return;
        }

        var source = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(images.bytes));
        var target = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(output.bytes));
        var threads = get_num_threads();
        var grains = (((long)count * outputShape.Count) + Grain - 1) / Grain;
        // The same number of chunks for each thread: with three of them for two threads one thread would wait for the other.
        var chunks = grains == 1 ? 1 : (int)Math.Min(count, (grains + threads - 1) / threads * threads);
        if (chunks == 1)
        {
            ApplyToChunk(0);
        }
        else
        {
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = threads }, ApplyToChunk);
        }

        GC.KeepAlive(images);
        GC.KeepAlive(output);

        void ApplyToChunk(int chunk)
        {
            for (var index = Start(chunk); index < Start(chunk + 1); index++)
            {
                var image = new ReadOnlySpan<byte>((byte*)source + ((long)index * shape.Count), shape.Count);
                var values = new Span<float>((float*)target + ((long)index * outputShape.Count), outputShape.Count);
                Apply(image, shape, values, key(index));
            }
        }

        int Start(int chunk) => (int)((long)count * chunk / chunks);
    }
}
