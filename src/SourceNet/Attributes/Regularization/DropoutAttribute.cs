namespace SourceNet;

/// <summary>Zeroes each element with probability p in train mode and scales the rest by 1/(1 − p) (Srivastava et al. 2014). The shape stays.</summary>
/// <remarks>
/// On the class: the default at the end of every block with a weighted layer, except in an <c>[Output]</c> block. <c>[Dropout(0)]</c> on a block switches it
/// off.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class DropoutAttribute : LayerAttribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public DropoutAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public DropoutAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }
}
