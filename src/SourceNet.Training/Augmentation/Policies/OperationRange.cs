namespace SourceNet.Training;

/// <summary>How strong a policy's operation may be.</summary>
/// <param name="Operation">What is changed.</param>
/// <param name="Magnitude">The strength of a level from 0 to 1, for an image of a shape.</param>
/// <param name="IsSigned">Whether it goes both ways, each as likely.</param>
internal sealed record OperationRange(PolicyOperation Operation, Func<double, ImageShape, double> Magnitude, bool IsSigned)
{
    /// <summary>One that has no strength.</summary>
    internal static OperationRange Plain(PolicyOperation operation) => new(operation, (_, _) => 0, IsSigned: false);

    /// <summary>One whose strength grows from 0.</summary>
    internal static OperationRange UpTo(PolicyOperation operation, double greatest) => new(operation, (level, _) => level * greatest, IsSigned: true);

    /// <summary>One that moves by a share of the width or height.</summary>
    internal static OperationRange UpTo(PolicyOperation operation, Func<ImageShape, double> greatest) =>
        new(operation, (level, shape) => level * greatest(shape), IsSigned: true);

    /// <summary>Keeps fewer bits the stronger it is.</summary>
    internal static OperationRange Posterize(int most, int range) =>
        new(PolicyOperation.Posterize, (level, _) => most - Math.Round(level * range), IsSigned: false);

    /// <summary>Turns more values around the stronger it is.</summary>
    internal static OperationRange Solarize() => new(PolicyOperation.Solarize, (level, _) => 1 - level, IsSigned: false);

    internal PolicyStep At(double level, ImageShape shape, ref RandomStream stream)
    {
        var magnitude = Magnitude(level, shape);
        return new(Operation, IsSigned && stream.Chance(0.5) ? -magnitude : magnitude);
    }
}
