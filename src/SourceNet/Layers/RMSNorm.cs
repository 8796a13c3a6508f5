using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// <c>y = x / √(mean(x²) + eps) · weight</c> over the last axes, <c>[..., features] → [..., features]</c>
/// (Zhang and Sennrich 2019, <see href="https://arxiv.org/abs/1910.07467"/>). The mean is computed in Float32 when the input is Float16 or BFloat16.
/// </summary>
public sealed class RMSNorm : Layer
{
    private readonly long[] normalizedShape;
    private readonly double eps;

    /// <summary>Normalizes over the last axis.</summary>
    /// <param name="features">The size of the last axis, at least 1.</param>
    /// <param name="eps">Added to the mean square, at least 0.</param>
    /// <param name="affine">Whether a scale is learned for each feature.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a negative <paramref name="eps"/>.</exception>
    public RMSNorm(long features, double eps = 1e-5, bool affine = true) : this([CheckedSize(features)], eps, affine) { }

    /// <summary>Normalizes over the last axes together.</summary>
    /// <param name="normalizedShape">The sizes of the last axes, each at least 1.</param>
    /// <param name="eps">Added to the mean square, at least 0.</param>
    /// <param name="affine">Whether a scale of this shape is learned.</param>
    /// <exception cref="ArgumentException">No axis at all.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a negative <paramref name="eps"/>.</exception>
    public RMSNorm(long[] normalizedShape, double eps = 1e-5, bool affine = true) : base(nameof(RMSNorm))
    {
        ArgumentNullException.ThrowIfNull(normalizedShape);
        if (normalizedShape.Length == 0)
        {
            throw new ArgumentException("There must be at least one axis to normalize over.", nameof(normalizedShape));
        }

        foreach (var size in normalizedShape)
        {
            CheckedSize(size, nameof(normalizedShape));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(eps);
        this.normalizedShape = [.. normalizedShape];
        this.eps = eps;
        if (affine)
        {
            weight = new Parameter(ones(normalizedShape).DetachFromDisposeScope());
        }
    }

    /// <summary>The scale, of the normalized shape; it starts at 1. Null without <c>affine</c>.</summary>
    public Parameter? weight
    {
        get => get_parameter(nameof(weight));
        private set => Replace(nameof(weight), value);
    }

    /// <param name="input">A floating-point tensor whose last axes are the normalized shape.</param>
    /// <exception cref="ArgumentException">The last axes differ from the normalized shape.</exception>
    public override Tensor forward(Tensor input) => Fused.RMSNorm(input, this, default(CompilerServices.Activations.Identity));

    /// <summary>The sizes of the last axes that are normalized over. Not to be changed.</summary>
    internal long[] NormalizedShape => normalizedShape;

    internal double Epsilon => eps;

    /// <summary>The norm by TorchSharp's operators.</summary>
    /// <exception cref="ArgumentException">The last axes differ from the normalized shape.</exception>
    internal Tensor Compose(Tensor input)
    {
        CheckShape(input);
        var type = input.dtype;
        if (type is not (ScalarType.Float16 or ScalarType.BFloat16))
        {
            return Compose(input, weight, normalizedShape.Length, eps);
        }

        using var wide = input.to(ScalarType.Float32);
        using var normalizedWide = Compose(wide, null, normalizedShape.Length, eps);
        var narrow = normalizedWide.to(type);
        if (weight is not { } scale)
        {
            return narrow;
        }

        using (narrow)
        {
            return narrow.mul(scale);
        }
    }

    /// <summary>The norm over the last axes, by TorchSharp's operators and in the type of the input.</summary>
    internal static Tensor Compose(Tensor input, Tensor? weight, int axes, double eps)
    {
        using var shift = eps.ToScalar();
        using var square = input.pow(Scalars.Two);
        using var mean = square.mean([.. Enumerable.Range(-axes, axes).Select(axis => (long)axis)], keepdim: true);
        using var shifted = mean.add(shift, Scalars.One);
        using var inverse = shifted.rsqrt();
        if (weight is null)
        {
            return input.mul(inverse);
        }

        using var normalized = input.mul(inverse);
        return normalized.mul(weight);
    }

    private void CheckShape(Tensor input)
    {
        var rank = input.ndim;
        var agrees = rank >= normalizedShape.Length;
        for (var axis = 0; agrees && axis < normalizedShape.Length; axis++)
        {
            agrees = input.size((int)(rank - normalizedShape.Length + axis)) == normalizedShape[axis];
        }

        if (!agrees)
        {
            throw new ArgumentException(
                $"RMSNorm over {Text(normalizedShape)} cannot take an input of shape {Text(input.shape)}: its last axes must be {Text(normalizedShape)}.",
                nameof(input));
        }
    }
}
