using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// The gradients that a thread's last node handed to native code, which copies their handles after the node has returned. Until then they must be neither
/// disposed nor finalized, and nobody tells when: they are held until the thread's next node.
/// </summary>
internal static class BackwardTensors
{
    [ThreadStatic]
    private static List<Tensor>? t_held;

    /// <summary>Holds a tensor beyond the scope that it was made in.</summary>
    internal static void Hold(Tensor tensor)
    {
        tensor.DetachFromDisposeScope();
        (t_held ??= []).Add(tensor);
    }

    /// <summary>Disposes what is held. Called when the thread comes by again: native code is done with it.</summary>
    internal static void Release()
    {
        if (t_held is { Count: > 0 } held)
        {
            foreach (var tensor in held)
            {
                tensor.Dispose();
            }

            held.Clear();
        }
    }
}
