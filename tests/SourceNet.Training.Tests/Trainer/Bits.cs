using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

internal static class Bits
{
    /// <summary>Whether two tensors have the same shape and the same bits.</summary>
    internal static bool AreSame(Tensor one, Tensor other) =>
        one.shape.SequenceEqual(other.shape) && one.contiguous().bytes.SequenceEqual(other.contiguous().bytes);
}
