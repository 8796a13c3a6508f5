using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Native;

/// <summary>
/// What a kernel asks of a tensor, by its handle. TorchSharp's own properties answer the same questions, but allocate (<c>shape</c>, <c>grad</c>) or cost 50 to
/// 500 ns where these take about 8:
/// a step over a small model would be spent in them.
/// </summary>
/// <remarks>The functions are short and never wait, which is what <c>SuppressGCTransition</c> demands. A handle must be that of a living tensor.</remarks>
internal static unsafe class NativeTensor
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, void*> s_data =
        (delegate* unmanaged[SuppressGCTransition]<nint, void*>)LibTorchSharp.Find("THSTensor_data");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, sbyte> s_type =
        (delegate* unmanaged[SuppressGCTransition]<nint, sbyte>)LibTorchSharp.Find("THSTensor_type");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, int> s_deviceType =
        (delegate* unmanaged[SuppressGCTransition]<nint, int>)LibTorchSharp.Find("THSTensor_device_type");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte> s_isSparse =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte>)LibTorchSharp.Find("THSTensor_is_sparse");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte> s_isContiguous =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte>)LibTorchSharp.Find("THSTensor_is_contiguous");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte> s_requiresGrad =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte>)LibTorchSharp.Find("THSTensor_requires_grad");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long> s_dimensions =
        (delegate* unmanaged[SuppressGCTransition]<nint, long>)LibTorchSharp.Find("THSTensor_ndimension");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long, long> s_size =
        (delegate* unmanaged[SuppressGCTransition]<nint, long, long>)LibTorchSharp.Find("THSTensor_size");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, long> s_count =
        (delegate* unmanaged[SuppressGCTransition]<nint, long>)LibTorchSharp.Find("THSTensor_numel");

    private static readonly delegate* unmanaged[SuppressGCTransition]<nint, nint> s_grad =
        (delegate* unmanaged[SuppressGCTransition]<nint, nint>)LibTorchSharp.Find("THSTensor_grad");

    /// <summary>Giving memory back may take the time of a system call: the only one that lets a garbage collection go on.</summary>
    private static readonly delegate* unmanaged<nint, void> s_dispose =
        (delegate* unmanaged<nint, void>)LibTorchSharp.Find("THSTensor_dispose");

    /// <summary>Whether this TorchSharp exports all of them.</summary>
    internal static bool IsAvailable { get; } =
        s_data is not null && s_type is not null && s_deviceType is not null && s_isSparse is not null && s_isContiguous is not null
            && s_requiresGrad is not null
        && s_dimensions is not null && s_size is not null && s_count is not null && s_grad is not null && s_dispose is not null;

    internal static bool RequiresGrad(nint tensor) => s_requiresGrad(tensor) != 0;

    /// <summary>A new handle to the gradient, 0 if there is none. The caller gives it back with <see cref="Dispose"/>.</summary>
    internal static nint Gradient(nint tensor) => s_grad(tensor);

    internal static void Dispose(nint tensor) => s_dispose(tensor);

    internal static long Count(nint tensor) => s_count(tensor);

    internal static long Dimensions(nint tensor) => s_dimensions(tensor);

    /// <summary>The size of an axis, counted from the first.</summary>
    internal static long Size(nint tensor, long axis) => s_size(tensor, axis);

    /// <summary>Where a dense tensor's elements begin.</summary>
    internal static void* Data(nint tensor) => s_data(tensor);

    /// <summary>
    /// The elements of a dense float32 tensor on the CPU that lie one after the other; null for every other tensor, and for one without elements.
    /// </summary>
    internal static float* Floats(nint tensor) =>
        s_type(tensor) == (sbyte)ScalarType.Float32 && s_deviceType(tensor) == (int)DeviceType.CPU && s_isSparse(tensor) == 0 && s_isContiguous(tensor) != 0
            ? (float*)s_data(tensor)
            : null;

    /// <summary><see cref="Floats"/> of a tensor that may be missing: null for it.</summary>
    internal static float* FloatsOrNull(Tensor? tensor) => tensor is null ? null : Floats(tensor.Handle);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool HaveOneShape(nint one, nint other)
    {
        var dimensions = s_dimensions(one);
        if (dimensions != s_dimensions(other))
        {
            return false;
        }

        for (var axis = 0L; axis < dimensions; axis++)
        {
            if (s_size(one, axis) != s_size(other, axis))
            {
                return false;
            }
        }

        return true;
    }
}
