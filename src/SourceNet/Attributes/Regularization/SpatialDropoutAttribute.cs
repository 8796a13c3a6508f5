namespace SourceNet;

/// <summary>
/// Zeroes whole channels of <c>[C, L]</c>, <c>[C, H, W]</c> or <c>[C, D, H, W]</c> (Tompson et al. 2015): neighbours in a feature map are too alike for
/// elementwise dropout.
/// </summary>
/// <remarks>
/// On the class: the default at the end of every block with a weighted layer, except in an <c>[Output]</c> block. <c>[Dropout(0)]</c> on a block switches it
/// off.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class SpatialDropoutAttribute : LayerAttribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public SpatialDropoutAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public SpatialDropoutAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }
}
