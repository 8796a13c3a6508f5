namespace SourceNet;

/// <summary>Zeroes each weight of the block's weighted layers with probability p in train mode (Wan et al. 2013).</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class DropConnectAttribute : Attribute
{
    /// <param name="rate">The probability, in [0, 1).</param>
    public DropConnectAttribute(double rate) => Rate = rate;

    /// <param name="rate">The probability as an expression over constructor parameters and constants: <c>nameof(dropout)</c>.</param>
    public DropConnectAttribute(string rate) => Rate = rate;

    /// <summary>The probability, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Rate { get; }
}
