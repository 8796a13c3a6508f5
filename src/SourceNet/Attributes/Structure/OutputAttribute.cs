namespace SourceNet;

/// <summary>
/// On a block: it makes the logits, so the class's defaults of norm, activation and dropout stay out of it. On the class: the shape that the model gives.
/// </summary>
/// <remarks>
/// The compiler follows shapes by itself; <c>[Output(10)]</c> states them where it cannot, because a forward is written by hand, and is checked where it can.
/// A name is a constructor parameter, a constant of the class, or a free size of <c>[Input]</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OutputAttribute : Attribute
{
    /// <param name="sizes">The sizes of one sample, without the batch: each an <see cref="int"/> or an expression. On a block they may be left out.</param>
    public OutputAttribute(params object[] sizes) => Sizes = sizes;

    /// <summary>The sizes without the batch; none if the attribute only marks a block.</summary>
    public object[] Sizes { get; }

    /// <summary>Whether the channels are on the last axis, <c>[H, W, C]</c>.</summary>
    public bool ChannelsLast { get; set; }
}
