namespace SourceNet.Modeling.Graph;

/// <summary>What computes a block: kernels that take neighboring layers in one pass over memory, and libtorch, layer by layer, for the rest.</summary>
/// <param name="Steps">The fused steps, in order; no layer is in two of them.</param>
/// <param name="Rest">The layers that are in none.</param>
public sealed record FusionPlan(EquatableArray<FusedStep> Steps, EquatableArray<UnfusedLayer> Rest)
{
    public static FusionPlan Empty { get; } = new(default, default);

    /// <summary>What one kernel computes together with a layer, in words; empty for a layer that is left to libtorch.</summary>
    /// <param name="layer">Its place in the block.</param>
    public string TextAt(int layer) => Steps.FirstOrDefault(step => step.First <= layer && layer < step.First + step.Count) switch
    {
        null => "",
        { FoldedInto.Length: > 0 } step when step.First == layer => "norm, in eval mode",
        var step => step.Text,
    };

    /// <summary>Why a layer is left to libtorch; null for one that is not, or that computes nothing.</summary>
    /// <param name="layer">Its place in the block.</param>
    public string? ReasonAt(int layer) => Rest.FirstOrDefault(left => left.Place == layer)?.Reason;
}

/// <summary>What computes a fused step.</summary>
public enum FusedKernel
{
    /// <summary>
    /// Batch norm, then activation and dropout if they follow. A convolution or linear layer before it may belong to the step: in eval mode the norm is
    /// folded into its weight.
    /// </summary>
    BatchNorm,

    /// <summary>Layer norm, then activation, dropout or both.</summary>
    LayerNorm,

    /// <summary>RMS norm, then activation, dropout or both.</summary>
    RMSNorm,

    /// <summary>Activation, then dropout.</summary>
    Activation,

    /// <summary>Dropout alone.</summary>
    Dropout,

    /// <summary>DropPath at the end of a residual block, with the sum.</summary>
    DropPath,

    /// <summary>One layer whose own module calls a kernel.</summary>
    Module,
}

/// <summary>Neighboring layers that one kernel computes.</summary>
/// <param name="First">The place of the first one in its block.</param>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Text">What is computed in one pass, in the words of the layers: <c>BatchNorm2d + ReLU</c>.</param>
/// <param name="FoldedInto">Of a batch norm: the kind of the step's first layer, whose weight takes the norm in eval mode. Else empty.</param>
public sealed record FusedStep(FusedKernel Kernel, int First, int Count, string Text, string FoldedInto = "")
{
    /// <summary>Whether it begins with the sum of the block's residual.</summary>
    public bool TakesSum { get; init; }
}

/// <summary>A layer that is left to libtorch.</summary>
/// <param name="Place">Its place in the block.</param>
/// <param name="Kind">What it is: <c>Conv2d</c>.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record UnfusedLayer(int Place, string Kind, string Reason);

/// <summary>
/// The residual sum at the end of a block, computed by one kernel with what the next block begins with. The block's own method computes it by itself: only
/// the generated forward, which knows both blocks, leaves it open.
/// </summary>
/// <param name="From">The block that ends with it, as its place in the model; or a stack of models that do.</param>
/// <param name="To">The block that begins with what is computed with it; not after <paramref name="From"/> if that one is in the next model of a stack.</param>
/// <param name="Next">What that is, in the words of the layers: <c>RMSNorm + SiLU</c>.</param>
/// <param name="Step">The same as a step of the block; null for a stack, whose first model knows.</param>
public sealed record FusedSum(int From, int To, string Next, FusedStep? Step)
{
    /// <summary>The method of a model that begins and ends with an open sum.</summary>
    public const string Method = "ForwardSum";

    /// <summary>Whether it lies between two models of a stack.</summary>
    public bool IsBetweenRepeats => To <= From;
}
