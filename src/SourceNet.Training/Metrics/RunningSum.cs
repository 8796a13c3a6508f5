using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// A sum of numbers in their order, with what rounding takes away kept beside it (Neumaier 1974). Number by number, so that the same numbers give the same
/// bits however they are cut into batches.
/// </summary>
internal struct RunningSum
{
    private double sum;
    private double lost;

    /// <summary>What is lost of a sum that is infinite is no number.</summary>
    internal readonly double Value => double.IsFinite(sum) ? sum + lost : sum;

    internal void Add(double value)
    {
        var next = sum + value;
        lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
        sum = next;
    }

    internal void Add(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Add(value);
        }
    }

    /// <summary>The numbers of a tensor of any type and device, row by row.</summary>
    internal static double[] Numbers(Tensor tensor)
    {
        if (tensor.numel() == 0)
        {
            return [];
        }

        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }
}
