namespace SourceNet;

/// <summary>Sets the smallest weights of each layer to exactly 0 and keeps them there through further training (Han et al. 2015).</summary>
/// <remarks><para>
/// On the class: the default of every block. It means weights, never biases or norm scales; embeddings only if their block says so. The <c>Trainer</c> of
/// SourceNet.Training does it, at the beginning of <see cref="FromEpoch"/>.
/// </para><para>
/// Which weights are small says something of trained ones: load them before, or let some epochs pass.
/// </para></remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class PrunedAttribute : Attribute
{
    /// <param name="sparsity">The share of each layer's weights that is 0, in [0, 1); 0 switches the class's default off.</param>
    public PrunedAttribute(double sparsity) => Sparsity = sparsity;

    /// <param name="sparsity">The share as an expression over constructor parameters and constants: <c>nameof(sparsity)</c>.</param>
    public PrunedAttribute(string sparsity) => Sparsity = sparsity;

    /// <summary>The share of each layer's weights that is 0, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Sparsity { get; }

    /// <summary>The epoch, from 1, at whose beginning the weights are pruned.</summary>
    public int FromEpoch { get; set; } = 1;
}
