using System.Runtime.InteropServices;
using SourceNet.Kernels.Native;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// Brings an exception out of a backward pass. It must not leave the node: between the node and the code that called <c>backward()</c> lie native frames, and
/// the process would end. But that code checks,
/// as all of TorchSharp does after a native call, whether an error was noted on its thread, and throws an <see cref="ExternalException"/> with the text. So the
/// node notes one, hands out zeros, and returns.
/// </summary>
/// <remarks>
/// TorchSharp has no function that notes an error; a native operator that refuses its argument does. Every further native call forgets it again, so a node that
/// runs later in the same pass notes it
/// once more instead of computing. Only a custom function of another library, or a hook, that runs after the last of these nodes can lose it: the gradients are
/// then zero.
/// </remarks>
internal static unsafe class BackwardFailure
{
    /// <summary>tensor ÷ tensor with a rounding mode, which is a text and is repeated when there is no such mode.</summary>
    private static readonly delegate* unmanaged<nint, nint, byte*, nint> s_divide = (delegate* unmanaged<nint, nint, byte*, nint>)LibTorchSharp.Find(
        "THSTensor_div");

    private static readonly Tensor s_zero = zeros([]).DetachFromDisposeScope();

    [ThreadStatic]
    private static string? t_text;

    [ThreadStatic]
    private static int t_task;

    /// <summary>Whether an earlier node of this pass failed.</summary>
    internal static bool IsPending(int task) => t_text is not null && task >= 0 && task == t_task;

    /// <summary>Remembers the failure of a node. <see cref="Note"/> must follow.</summary>
    internal static void Remember(int task, string operation, Exception exception)
    {
        t_task = task;
        t_text = $"'\n\nThe gradient of {operation} failed.\n{exception}\n\n'";
    }

    /// <summary>Notes the remembered failure where TorchSharp looks for errors. Must be the last native call of a node.</summary>
    internal static void Note()
    {
        var text = Marshal.StringToCoTaskMemUTF8(t_text);
        s_divide(s_zero.Handle, s_zero.Handle, (byte*)text);
        Marshal.FreeCoTaskMem(text);
    }
}
