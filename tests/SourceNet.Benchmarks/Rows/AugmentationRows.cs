using SourceNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>
/// Augmentation of a batch of bytes, against the same pipeline composed from TorchSharp's operators, image by image and on the whole batch. All make the same
/// draws, and give the same numbers.
/// </summary>
internal static class AugmentationRows
{
    private const int Seed = 1;

    private static readonly ImageShape s_shape = new(3, 32, 32);

    private static readonly Augmentation s_basic = new(new RandomCrop(32, 4), new RandomHorizontalFlip(), normalize: Cifar10.Normalize);

    private static readonly Augmentation s_all = new(
        new RandomCrop(32, 4), new RandomHorizontalFlip(), new ColorJitter(0.2, 0.2, 0.2), Cifar10.Normalize, new RandomErasing(0.25));

    internal static IEnumerable<Row> All =>
        from count in new[] { 128, 512 }
        from pipeline in new[] { (Name: "crop, flip, normalize", Value: s_basic), (Name: "crop, flip, colors, normalize, erasing", Value: s_all) }
        from composed in new[]
        {
            (Name: "image by image", Value: (Compose)ComposedAugmentation.ImageByImage),
            (Name: "on the batch", Value: ComposedAugmentation.OnTheBatch)
        }
        select new Row(
            $"Augmentation: {pipeline.Name}, [{count}, 3, 32, 32]",
            $"TorchSharp's operators, {composed.Name}",
            5,
            () => Contest(count, pipeline.Value, composed.Value));

    private delegate Tensor Compose(Tensor images, Augmentation augmentation, IReadOnlyList<RandomKey> keys);

    private static Contest Contest(int count, Augmentation augmentation, Compose compose)
    {
        var images = randint(0, 256, [count, s_shape.Channels, s_shape.Height, s_shape.Width], ScalarType.Byte);
        RandomKey[] keys = [.. Enumerable.Range(0, count).Select(index => new RandomKey(Seed, 0, index))];
        CheckAgreement();
        return new(() => Run(Composed), () => Run(Fused), images);

        Tensor Composed() => compose(images, augmentation, keys);
        Tensor Fused() => augmentation.Apply(images, Seed);

        void CheckAgreement()
        {
            using var scope = NewDisposeScope();
            if (!allclose(Composed(), Fused(), rtol: 0, atol: 1e-4))
            {
                throw new InvalidOperationException("The composed pipeline computes something else.");
            }
        }

        static void Run(Func<Tensor> function)
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            function();
        }
    }
}
