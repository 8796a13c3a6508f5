namespace SourceNet;

/// <summary>Dropout that keeps mean and variance after SELU (Klambauer et al. 2017).</summary>
/// <remarks>
/// On the class: the default at the end of every block with a weighted layer, except in an <c>[Output]</c> block. <c>[Dropout(0)]</c> on a block switches it
/// off.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class AlphaDropoutAttribute : LayerAttribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public AlphaDropoutAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public AlphaDropoutAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }
}
