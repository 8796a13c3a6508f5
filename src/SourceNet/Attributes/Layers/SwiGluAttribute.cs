namespace SourceNet;

/// <summary>
/// The gated network of Llama: <c>down(silu(gate(x)) · up(x))</c> on <c>[..., dim] → [..., dim]</c> (Shazeer 2020). No bias if nothing is said.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class SwiGluAttribute : WeightedLayerAttribute
{
    /// <param name="hidden">The size of gate and up, at least 1.</param>
    public SwiGluAttribute(int hidden) : this((object)hidden) { }

    /// <inheritdoc cref="SwiGluAttribute(int)"/>
    public SwiGluAttribute(string hidden) : this((object)hidden) { }

    private SwiGluAttribute(object hidden)
    {
        Hidden = hidden;
        Bias = false;
    }

    /// <summary>The size of gate and up: an <see cref="int"/> or an expression.</summary>
    public object Hidden { get; }

    /// <summary>
    /// What the <c>state_dict</c> calls the linear layers it is made of, separated by commas:
    /// <c>"gate_proj, up_proj, down_proj"</c>.
    /// They stand below <c>Name</c> if that is said, else in the block. If nothing is said they are <c>gate, up, down</c>, below the layer's role.
    /// </summary>
    public string? Names { get; set; }
}
