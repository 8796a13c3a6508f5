namespace SourceNet.Training;

/// <summary>What moves the pixels of an image: a crop, a flip, then a turn and an affine change, which are one map and sample the image once.</summary>
internal sealed class Geometry
{
    private readonly RandomCrop? crop;
    private readonly RandomResizedCrop? resizedCrop;
    private readonly RandomHorizontalFlip? flip;
    private readonly RandomRotation? rotation;
    private readonly RandomAffine? affine;

    /// <exception cref="ArgumentException">Two crops, or a rotation and an affine change that sample differently.</exception>
    internal Geometry(RandomCrop? crop, RandomResizedCrop? resizedCrop, RandomHorizontalFlip? flip, RandomRotation? rotation, RandomAffine? affine)
    {
        if (crop is not null && resizedCrop is not null)
        {
            throw new ArgumentException("An image is cut once: expected a RandomCrop or a RandomResizedCrop, found both.", nameof(resizedCrop));
        }

        if (rotation is not null && affine is not null && (rotation.Interpolation != affine.Interpolation || rotation.Fill != affine.Fill))
        {
            throw new ArgumentException(
                "RandomRotation and RandomAffine sample the image once: expected the same interpolation and fill, found "
                + $"{rotation.Interpolation}, {rotation.Fill} and {affine.Interpolation}, {affine.Fill}.",
                nameof(affine));
        }

        (this.crop, this.resizedCrop, this.flip, this.rotation, this.affine) = (crop, resizedCrop, flip, rotation, affine);
    }

    internal ImageShape OutputShape(ImageShape input) => resizedCrop?.OutputShape(input) ?? crop?.OutputShape(input) ?? input;

    /// <summary>What happens to one image.</summary>
    internal GeometricChange Draw(RandomKey key, ImageShape shape)
    {
        var size = OutputShape(shape);
        var (top, left) = crop?.Draw(key, shape) ?? (0, 0);
        var map = rotation?.Map(key, size) ?? AffineMap.Identity;
        map = affine is null ? map : map.Then(affine.Map(key, size));
        return new(resizedCrop?.Draw(key, shape), new Window(top, left, flip?.Draw(key) ?? false), map, size == shape)
        {
            CropInterpolation = resizedCrop?.Interpolation ?? default,
            Interpolation = rotation?.Interpolation ?? affine?.Interpolation ?? default,
            Fill = (byte)(rotation?.Fill ?? affine?.Fill ?? 0),
        };
    }
}
