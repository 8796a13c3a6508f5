using SourceNet.Kernels.Native;
using static TorchSharp.torch;

namespace SourceNet.Kernels;

/// <summary>Which tensors the kernels can read. All others go to TorchSharp's operators.</summary>
internal static unsafe class KernelInput
{
    /// <summary>Whether a tensor is dense float32 on the CPU with its elements one after the other: at least one of them, and fewer than 2³¹.</summary>
    internal static bool Fits(Tensor tensor) =>
        FusedKernels.AreAllowed && NativeTensor.IsAvailable && NativeTensor.Floats(tensor.Handle) is not null
            && NativeTensor.Count(tensor.Handle) < int.MaxValue;

    /// <summary>Whether a tensor that may be missing can be read, and has a shape.</summary>
    internal static bool FitsOrIsMissing(Tensor? tensor, long[] shape)
    {
        if (tensor is null)
        {
            return true;
        }

        return Fits(tensor) && NativeTensor.Dimensions(tensor.Handle) == shape.Length && EndsWith(tensor, shape);
    }

    /// <summary>Whether both can be read and have the same shape.</summary>
    internal static bool Fit(Tensor one, Tensor other) => Fits(one) && Fits(other) && NativeTensor.HaveOneShape(one.Handle, other.Handle);

    /// <summary>Whether the last axes have these sizes.</summary>
    internal static bool EndsWith(Tensor tensor, long[] shape)
    {
        var before = NativeTensor.Dimensions(tensor.Handle) - shape.Length;
        for (var axis = 0; before >= 0 && axis < shape.Length; axis++)
        {
            if (NativeTensor.Size(tensor.Handle, before + axis) != shape[axis])
            {
                return false;
            }
        }

        return before >= 0;
    }
}
