using TorchSharp;

namespace SourceNet;

/// <summary>
/// The shape of one sample, without the batch: <c>[Input(3, 32, 32)]</c>, <c>[Input("T", "dim")]</c>, <c>[Input("T", DType = ScalarType.Int64)]</c>.
/// </summary>
/// <remarks>
/// A name is a constructor parameter, a constant of the class, or a free size that stays open until run time (<c>"T"</c>).
/// On a block it states the block's input, where hand-written code stands before it; on a parameter of a hand-written <c>forward</c> that parameter's.
/// Without sizes it states the type alone: <c>[Input(DType = ScalarType.Int64)]</c> of one index a sample.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method | AttributeTargets.Parameter)]
public sealed class InputAttribute : Attribute
{
    /// <param name="sizes">The sizes: each an <see cref="int"/> or an expression.</param>
    public InputAttribute(params object[] sizes) => Sizes = sizes;

    /// <summary>The sizes without the batch.</summary>
    public object[] Sizes { get; }

    /// <summary>
    /// Whether the channels are on the last axis, <c>[H, W, C]</c>. If nothing is said, images are channels first, <c>[C, H, W]</c>, and sequences <c>[T,
    /// C]</c>.
    /// </summary>
    /// <remarks>Layer norm and RMS norm then normalize the channels of each position, and linear layers work on them.</remarks>
    public bool ChannelsLast { get; set; }

    /// <summary>The element type; Float32 if nothing is said, Int64 for tokens.</summary>
    public torch.ScalarType DType { get; set; } = torch.ScalarType.Float32;
}
