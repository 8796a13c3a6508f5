namespace SourceNet.Kernels;

/// <summary>Whether fused kernels may be used at all in this process.</summary>
/// <remarks>
/// Off with the runtime option <c>SourceNet.FusedKernels: false</c> in <c>runtimeconfig.json</c> or with the environment variable
/// <c>SOURCENET_FUSED_KERNELS=0</c>:
/// everything is then composed from TorchSharp operators, which tells a mistake in a kernel from one elsewhere.
/// </remarks>
internal static class FusedKernels
{
    internal static bool AreAllowed { get; } = Environment.GetEnvironmentVariable("SOURCENET_FUSED_KERNELS") switch
    {
        "0" or "false" => false,
        _ => !AppContext.TryGetSwitch("SourceNet.FusedKernels", out var allowed) || allowed,
    };
}
