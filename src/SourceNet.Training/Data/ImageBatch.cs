using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Some images and their classes. They live until the loop over the batches goes on: clone what is to stay.</summary>
public sealed class ImageBatch
{
    private readonly int[] indices;

    /// <summary>Makes the tensors, empty, on the thread that will use them. They belong to no dispose scope: the loop disposes them.</summary>
    internal ImageBatch(int[] indices, ImageShape shape, RandomKey key)
    {
        this.indices = indices;
        Key = key;
        // What is made in inference mode cannot take part in training.
        using var mode = inference_mode(false);
        Images = empty(indices.Length, shape.Channels, shape.Height, shape.Width, dtype: ScalarType.Float32).DetachFromDisposeScope();
        Labels = empty(indices.Length, dtype: ScalarType.Int64).DetachFromDisposeScope();
    }

    /// <summary>Float32 <c>[N, C, H, W]</c>.</summary>
    public Tensor Images { get; }

    /// <summary>Int64 <c>[N]</c>.</summary>
    public Tensor Labels { get; }

    /// <summary>The number of images, N.</summary>
    public int Count => indices.Length;

    /// <summary>The index of each image in its data set.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The seed, the epoch and the number of this batch in it: what a draw for the whole batch depends on.</summary>
    public RandomKey Key { get; }

    /// <summary>Reads and transforms the images. Touches no scope and makes no tensor: any thread may do it.</summary>
    internal void Fill(ILabeledImages source, ImageTransform transform)
    {
        var image = new byte[source.Shape.Count];
        var values = MemoryMarshal.Cast<byte, float>(Images.bytes);
        var classes = MemoryMarshal.Cast<byte, long>(Labels.bytes);
        var size = values.Length / indices.Length;
        for (var place = 0; place < indices.Length; place++)
        {
            var index = indices[place];
            source.Read(index, image);
            transform.Apply(image, source.Shape, values.Slice(place * size, size), Key with { Index = index });
            classes[place] = source.Label(index);
        }

        // The spans do not keep the tensors' memory.
        GC.KeepAlive(this);
    }

    internal void DisposeTensors()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
