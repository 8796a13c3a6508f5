namespace SourceNet;

/// <summary>Zeroes squares of a feature map <c>[C, H, W]</c>, about a share p of it (Ghiasi et al. 2018).</summary>
/// <remarks>
/// On the class: the default at the end of every block with a weighted layer, except in an <c>[Output]</c> block. <c>[Dropout(0)]</c> on a block switches it
/// off.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class DropBlockAttribute : LayerAttribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public DropBlockAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public DropBlockAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }

    /// <summary>The side of a square in cells; at most the feature map. 7 if nothing is said.</summary>
    public int BlockSize { get; set; } = 7;
}
