namespace SourceNet.Modeling.Layers;

/// <summary>What a layer can be in a step that one kernel computes.</summary>
public enum FusionRole
{
    /// <summary>It computes nothing, or fuses by itself: nothing is said of it.</summary>
    None,

    /// <summary>It is left to libtorch.</summary>
    Alone,

    /// <summary>In eval mode a batch norm that follows can be folded into its weight.</summary>
    TakesNorm,

    /// <summary>A norm over the batch.</summary>
    BatchNorm,

    LayerNorm,

    RMSNorm,

    /// <summary>A function of each number by itself.</summary>
    Activation,

    /// <summary>Zeroes single numbers.</summary>
    Dropout,

    /// <summary>Zeroes whole channels, which a kernel does only where a batch norm has gone through them already.</summary>
    ChannelDropout,

    /// <summary>Skips the body of a residual block, with the sum.</summary>
    DropPath,

    /// <summary>Its own module calls a kernel.</summary>
    Kernel,
}

/// <summary>A layer's part in a fused step.</summary>
/// <param name="Role">What it can be.</param>
/// <param name="Reason">Why it is left to libtorch where no step takes it, in a few words.</param>
public readonly record struct FusionPart(FusionRole Role, string Reason)
{
    /// <summary>It computes nothing, or fuses by itself.</summary>
    public static FusionPart None => new(FusionRole.None, "");

    /// <summary>No kernel would gain anything.</summary>
    public static FusionPart AsFast(FusionRole role = FusionRole.Alone) => new(role, "libtorch's own is as fast");

    /// <summary>Nobody wrote one.</summary>
    public static FusionPart NoKernel(FusionRole role = FusionRole.Alone) => new(role, "no kernel");

    /// <summary>It is left to libtorch for a reason of its own.</summary>
    public static FusionPart Alone(string reason) => new(FusionRole.Alone, reason);
}
