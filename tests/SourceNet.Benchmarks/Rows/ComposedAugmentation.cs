using SourceNet.Training;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>
/// An <see cref="Augmentation"/> with crop, flip and standardization, and perhaps colors and erasing, as it is written with TorchSharp's operators.
/// </summary>
internal static class ComposedAugmentation
{
    private static readonly float[] s_gray = [0.299f, 0.587f, 0.114f];

    /// <summary>As torchvision does it in a data set: one image after the other, then a stack.</summary>
    internal static Tensor ImageByImage(Tensor images, Augmentation augmentation, IReadOnlyList<RandomKey> keys)
    {
        var (mean, deviation, gray) = (PerChannel(augmentation.Normalize!.Mean), PerChannel(augmentation.Normalize.StandardDeviation), tensor(s_gray).reshape(
            3,
            1,
            1));
        return stack(keys.Select((key, index) => Image(images[index], augmentation, key, mean, deviation, gray)).ToList());
    }

    /// <summary>Operators on the whole batch, with the draws of all images as tensors.</summary>
    internal static Tensor OnTheBatch(Tensor images, Augmentation augmentation, IReadOnlyList<RandomKey> keys)
    {
        var shape = new ImageShape((int)images.size(1), (int)images.size(2), (int)images.size(3));
        var x = Window(images, augmentation, keys, shape).to(ScalarType.Float32).div(255);
        if (augmentation.Jitter is { } jitter)
        {
            x = Colors(x, [.. keys.Select(jitter.Draw)]);
        }

        x = x.sub(PerChannel(augmentation.Normalize!.Mean)).div(PerChannel(augmentation.Normalize.StandardDeviation));
        return augmentation.Erasing is { } erasing ? Erase(x, [.. keys.Select(key => erasing.Draw(key, shape))]) : x;
    }

    private static Tensor PerChannel(IReadOnlyList<double> values) => tensor(values.Select(value => (float)value).ToArray()).reshape(3, 1, 1);

    private static Tensor Image(Tensor image, Augmentation augmentation, RandomKey key, Tensor mean, Tensor deviation, Tensor gray)
    {
        var (crop, shape) = (augmentation.Crop!, new ImageShape((int)image.size(0), (int)image.size(1), (int)image.size(2)));
        var (top, left) = crop.Draw(key, shape);
        var x = nn.functional
            .pad(image, [crop.Padding, crop.Padding, crop.Padding, crop.Padding])
            .narrow(1, top + crop.Padding, crop.Size)
            .narrow(2, left + crop.Padding, crop.Size);
        x = augmentation.Flip!.Draw(key) ? x.flip(2) : x;
        x = x.to(ScalarType.Float32).div(255);
        if (augmentation.Jitter is { } jitter)
        {
            var factors = jitter.Draw(key);
            x = x.mul(factors.Brightness).clamp(0, 1);
            x = x.mul(factors.Contrast).add(x.mul(gray).sum(0, keepdim: true).mean().mul(1 - factors.Contrast)).clamp(0, 1);
            x = x.mul(factors.Saturation).add(x.mul(gray).sum(0, keepdim: true).mul(1 - factors.Saturation)).clamp(0, 1);
        }

        x = x.sub(mean).div(deviation);
        if (augmentation.Erasing is { } erasing && erasing.Draw(key, shape) is { Area: > 0 } box)
        {
            x.narrow(1, box.Top, box.Height).narrow(2, box.Left, box.Width).zero_();
        }

        return x;
    }

    private static Tensor Window(Tensor images, Augmentation augmentation, IReadOnlyList<RandomKey> keys, ImageShape shape)
    {
        var crop = augmentation.Crop!;
        var corners = keys.Select(key => crop.Draw(key, shape)).ToList();
        var flips = tensor(keys.Select(augmentation.Flip!.Draw).ToArray()).reshape(-1, 1);
        var columns = arange(crop.Size).reshape(1, -1);
        columns = where(flips, (crop.Size - 1) - columns, columns) + Column(corners.Select(corner => corner.Left + crop.Padding));
        var rows = arange(crop.Size).reshape(1, -1) + Column(corners.Select(corner => corner.Top + crop.Padding));
        var padded = nn.functional.pad(images, [crop.Padding, crop.Padding, crop.Padding, crop.Padding]);
        // Flat places in the padded planes, the same for each channel.
        var places = ((rows.unsqueeze(2) * padded.size(3)) + columns.unsqueeze(1)).reshape(keys.Count, 1, -1).expand(-1, shape.Channels, -1);
        return padded.flatten(2).gather(2, places).reshape(keys.Count, shape.Channels, crop.Size, crop.Size);
    }

    private static Tensor Colors(Tensor x, IReadOnlyList<ColorFactors> factors)
    {
        var gray = tensor(s_gray).reshape(3, 1, 1);
        var (brightness, contrast, saturation) = (
            PerImage(factors.Select(factor => factor.Brightness)), PerImage(factors.Select(factor => factor.Contrast)), PerImage(
                factors.Select(factor => factor.Saturation)));
        x = x.mul(brightness).clamp(0, 1);
        x = x.mul(contrast).add(x.mul(gray).sum(1, keepdim: true).mean([2, 3], keepdim: true).mul(1 - contrast)).clamp(0, 1);
        return x.mul(saturation).add(x.mul(gray).sum(1, keepdim: true).mul(1 - saturation)).clamp(0, 1);
    }

    private static Tensor Erase(Tensor x, IReadOnlyList<Box> boxes)
    {
        var rows = arange(x.size(2)).reshape(1, -1);
        var columns = arange(x.size(3)).reshape(1, -1);
        var (top, left) = (Column(boxes.Select(box => box.Top)), Column(boxes.Select(box => box.Left)));
        var inRows = rows.ge(top).logical_and(rows.lt(top + Column(boxes.Select(box => box.Height))));
        var inColumns = columns.ge(left).logical_and(columns.lt(left + Column(boxes.Select(box => box.Width))));
        return x.masked_fill_(inRows.unsqueeze(2).logical_and(inColumns.unsqueeze(1)).unsqueeze(1), 0);
    }

    private static Tensor Column(IEnumerable<int> values) => tensor(values.Select(value => (long)value).ToArray()).reshape(-1, 1);

    private static Tensor PerImage(IEnumerable<float> values) => tensor(values.ToArray()).reshape(-1, 1, 1, 1);
}
