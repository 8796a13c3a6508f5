using System.Runtime.ExceptionServices;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// An exception of a backward pass, kept until managed code can throw it. Native code calls the backward pass, and an exception that reached it would end the process; the pass then gives no
/// gradients, and the next fused operation or optimizer step of the thread throws what happened.
/// </summary>
internal static class FailedBackward
{
    [ThreadStatic]
    private static Exception? s_kept;

    /// <summary>Keeps the first one.</summary>
    internal static void Keep(Exception exception) => s_kept ??= exception;

    /// <summary>Throws what was kept, once.</summary>
    internal static void Throw()
    {
        if (s_kept is { } kept)
        {
            s_kept = null;
            ExceptionDispatchInfo.Throw(new InvalidOperationException($"The backward pass before this call failed and gave no gradients: {kept.Message}", kept));
        }
    }
}
