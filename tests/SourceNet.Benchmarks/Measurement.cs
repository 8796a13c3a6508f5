namespace SourceNet.Benchmarks;

/// <summary>What the rounds of a row took, in seconds.</summary>
internal sealed class Measurement(IReadOnlyList<double> others, IReadOnlyList<double> kernels)
{
    private readonly double[] ratios = [.. others.Zip(kernels, (other, kernel) => other / kernel).Order()];

    public int Rounds => ratios.Length;

    /// <summary>The shortest time of what is replaced.</summary>
    public double OtherSeconds { get; } = others.Min();

    /// <summary>The shortest time of the kernel.</summary>
    public double KernelSeconds { get; } = kernels.Min();

    /// <summary>The shortest time of one by the shortest of the other: what a quiet machine would show.</summary>
    public double BestRatio => OtherSeconds / KernelSeconds;

    public double MedianRatio => ratios[ratios.Length / 2];

    /// <summary>The worst round. On a machine that does something else as well it says more about that.</summary>
    public double MinRatio => ratios[0];
}
