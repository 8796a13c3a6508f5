#nullable enable
#pragma warning disable CS8981, IDE1006 // The names are those of TorchVision.
using System;
using System.Collections.Generic;
using static TorchSharp.torch;
using static TorchSharp.torch.utils.data;

namespace TorchSharp;

/// <summary>
/// A stand-in for the parts of TorchVision 0.107 that the rules are tried on: the same names, parameters and formulas. The package itself is large and
/// carries an image library.
/// </summary>
public static class torchvision
{
    public interface ITransform : nn.IModule<Tensor, Tensor>
    {
    }

    public static class transforms
    {
        public static ITransform Compose(params ITransform[] transforms) => new Formula(image =>
        {
            foreach (var transform in transforms)
            {
                image = transform.call(image);
            }

            return image;
        });

        public static ITransform Lambda(Func<Tensor, Tensor> lambda) => new Formula(lambda);

        public static ITransform Randomize(ITransform transform, double p = 0.1) =>
            new Formula(image => rand(1).item<float>() < p ? transform.call(image) : image);

        public static ITransform RandomApply(ITransform[] transforms, double p = 0.5) => Randomize(Compose(transforms), p);

        public static ITransform HorizontalFlip() => new Formula(image => image.flip(-1));

        public static ITransform RandomHorizontalFlip(double p = 0.5) => Randomize(HorizontalFlip(), p);

        public static ITransform CenterCrop(int size) => new Formula(image =>
        {
            var (top, left) = ((image.shape[^2] - size) / 2, (image.shape[^1] - size) / 2);
            return image.narrow(-2, top, size).narrow(-1, left, size);
        });

        public static ITransform Normalize(double[] means, double[] stdevs, ScalarType dtype = ScalarType.Float32, Device? device = null)
        {
            var mean = tensor(means, dtype: dtype, device: device).reshape(1, means.Length, 1, 1);
            var deviation = tensor(stdevs, dtype: dtype, device: device).reshape(1, stdevs.Length, 1, 1);
            return new Formula(image => (image - mean) / deviation);
        }

        public static ITransform AdjustBrightness(double brightness_factor) => new Formula(image => (image * brightness_factor).clamp(0, 1));

        public static ITransform AdjustContrast(double contrast_factor) =>
            new Formula(image => ((image * contrast_factor) + (image.mean([-3, -2, -1], keepdim: true) * (1 - contrast_factor))).clamp(0, 1));

        public static ITransform ColorJitter(float brightness = 0, float contrast = 0) => new Formula(image =>
            Compose(AdjustBrightness(Around(brightness)), AdjustContrast(Around(contrast))).call(image));

        private static double Around(float strength) => Math.Max(0, 1 - strength) + (rand(1).item<float>() * (1 + strength - Math.Max(0, 1 - strength)));
    }

    public static class datasets
    {
        public static Dataset MNIST(string root, bool train, bool download = false, ITransform? target_transform = null) =>
            new Images(train ? 8 : 4, target_transform);
    }

    private sealed class Formula(Func<Tensor, Tensor> formula) : ITransform
    {
        public Tensor call(Tensor input) => formula(input);
    }

    /// <summary>Images of noise.</summary>
    private sealed class Images(long count, ITransform? transform) : Dataset
    {
        private readonly Tensor _images = rand(count, 1, 8, 8);

        public override long Count => count;

        public override Dictionary<string, Tensor> GetTensor(long index)
        {
            var image = _images[index].unsqueeze(0);
            return new() { ["data"] = (transform?.call(image) ?? image).squeeze(0), ["label"] = tensor(index % 2) };
        }
    }
}
