namespace SourceNet;

/// <summary>Learns each unit's weights as a length and a direction, <c>w = g · v / ‖v‖</c> (Salimans and Kingma 2016).</summary>
/// <remarks>On the class: the default of every block, which <c>[WeightNorm(false)]</c> on a block switches off.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WeightNormAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public WeightNormAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether the norm acts; false switches the class's default off.</summary>
    public bool Enabled { get; }
}
