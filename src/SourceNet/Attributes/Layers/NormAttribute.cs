namespace SourceNet;

/// <summary>A normalization layer; the shape stays. <c>[Norm(Batch)]</c> becomes BatchNorm1d, 2d or 3d by the input's rank.</summary>
/// <remarks>On the class: the default after every block's last weighted layer, except in an <c>[Output]</c> block.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class NormAttribute : LayerAttribute
{
    /// <param name="kind">What is normalised over; <see cref="NormKind.None"/> switches the class's default off.</param>
    public NormAttribute(NormKind kind) => Kind = kind;

    /// <summary>What is normalised over.</summary>
    public NormKind Kind { get; }

    /// <summary>Added to the variance or mean square. 1e-5 if nothing is said.</summary>
    public double Eps { get; set; } = 1e-5;

    /// <summary>The weight of the newest batch in the running statistics, of Batch and Instance. 0.1 if nothing is said.</summary>
    public double Momentum { get; set; } = 0.1;

    /// <summary>The number of groups, of Group; it must divide the channels. 32 if nothing is said.</summary>
    public object Groups { get; set; } = 32;

    /// <summary>Whether scale (and shift) are learned. If nothing is said: yes, and no for Instance, as in PyTorch.</summary>
    public bool Affine { get; set; } = true;

    /// <summary>What the scale starts from: 1, or 0 with <see cref="InitKind.Zeros"/>, so that a residual block starts as the identity.</summary>
    public InitKind Init { get; set; }
}
