namespace SourceNet;

/// <summary>
/// Self-attention on <c>[T, dim] → [T, dim]</c> (Vaswani et al. 2017), through <c>scaled_dot_product_attention</c>.
/// Multi-head; grouped-query with <see cref="KeyValueHeads"/> (Ainslie et al. 2023); <see cref="Causal"/>; <see cref="Rotary"/> positions (Su et al. 2021).
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class AttentionAttribute : WeightedLayerAttribute
{
    /// <param name="heads">The number of query heads; it must divide <c>dim</c>.</param>
    public AttentionAttribute(int heads) => Heads = heads;

    /// <inheritdoc cref="AttentionAttribute(int)"/>
    public AttentionAttribute(string heads) => Heads = heads;

    /// <summary>The number of query heads: an <see cref="int"/> or an expression.</summary>
    public object Heads { get; }

    /// <summary>The number of key and value heads, a divisor of <see cref="Heads"/>; as many as query heads if nothing is said.</summary>
    public object? KeyValueHeads { get; set; }

    /// <summary>Whether a position sees only itself and those before it.</summary>
    public bool Causal { get; set; }

    /// <summary>Whether queries and keys are rotated by their position. The size of a head must be even.</summary>
    public bool Rotary { get; set; }

    /// <summary>The base of the rotary frequencies.</summary>
    public double RotaryBase { get; set; } = 10_000;

    /// <summary>The dropout rate on attention weights, in [0, 1): a <see cref="double"/> or an expression. Off in eval mode.</summary>
    public object Dropout { get; set; } = 0.0;

    /// <summary>Whether one linear layer makes queries, keys and values, <c>query_key_value</c>, in this order: GPT-2's <c>c_attn</c>.</summary>
    public bool Fused { get; set; }

    /// <summary>
    /// What the <c>state_dict</c> calls the linear layers it is made of, separated by commas:
    /// <c>"q_proj, k_proj, v_proj, o_proj"</c>, two names where it is <see cref="Fused"/>.
    /// They stand below <c>Name</c> if that is said, else in the block. If nothing is said they are <c>query, key, value, output</c>, below the layer's role.
    /// </summary>
    public string? Names { get; set; }
}
