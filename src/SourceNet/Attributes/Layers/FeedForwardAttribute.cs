namespace SourceNet;

/// <summary>The two-layer network of a transformer: <c>down(dropout(activation(up(x))))</c> on <c>[..., dim] → [..., dim]</c>.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FeedForwardAttribute : WeightedLayerAttribute
{
    /// <param name="hidden">The size between the two layers, at least 1.</param>
    public FeedForwardAttribute(int hidden) => Hidden = hidden;

    /// <inheritdoc cref="FeedForwardAttribute(int)"/>
    public FeedForwardAttribute(string hidden) => Hidden = hidden;

    /// <summary>The size between the two layers: an <see cref="int"/> or an expression.</summary>
    public object Hidden { get; }

    /// <summary>The activation between the two layers: an elementwise one without parameters or chance.</summary>
    public ActivationKind Activation { get; set; } = ActivationKind.GELU;

    /// <summary>The dropout rate after the activation, in [0, 1): a <see cref="double"/> or an expression.</summary>
    public object Dropout { get; set; } = 0.0;

    /// <summary>
    /// What the <c>state_dict</c> calls the linear layers it is made of, separated by commas:
    /// <c>"c_fc, c_proj"</c>.
    /// They stand below <c>Name</c> if that is said, else in the block. If nothing is said they are <c>up, down</c>, below the layer's role.
    /// </summary>
    public string? Names { get; set; }
}
