using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Augmentations;

/// <summary>Images in which no two pixels are equal for long.</summary>
internal static class Noise
{
    internal static byte[] Image(ImageShape shape, int seed = 1)
    {
        var image = new byte[shape.Count];
        new System.Random(seed).NextBytes(image);
        return image;
    }

    internal static Tensor Images(int count, ImageShape shape) =>
        tensor(Image(shape with { Channels = count * shape.Channels })).reshape(count, shape.Channels, shape.Height, shape.Width);
}
