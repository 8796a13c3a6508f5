using SourceNet.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Rows;

/// <summary>What a row is divided by: the root of its mean square, or its standard deviation after its mean was subtracted.</summary>
internal interface IRowNorm
{
    /// <summary>Whether the mean is subtracted, and a bias may be added.</summary>
    static abstract bool Centers { get; }

    /// <summary>The norm by TorchSharp's operators.</summary>
    static abstract Tensor Compose(Tensor x, Tensor? weight, Tensor? bias, long[] shape, double epsilon);
}

/// <summary><c>x / √(mean(x²) + ε) · weight</c></summary>
internal readonly struct RootMeanSquare : IRowNorm
{
    public static bool Centers => false;

    public static Tensor Compose(Tensor x, Tensor? weight, Tensor? bias, long[] shape, double epsilon) => RMSNorm.Compose(x, weight, shape.Length, epsilon);
}

/// <summary><c>(x − mean) / √(variance + ε) · weight + bias</c></summary>
internal readonly struct MeanAndVariance : IRowNorm
{
    public static bool Centers => true;

    public static Tensor Compose(Tensor x, Tensor? weight, Tensor? bias, long[] shape, double epsilon) =>
        nn.functional.layer_norm(x, shape, weight, bias, epsilon);
}
