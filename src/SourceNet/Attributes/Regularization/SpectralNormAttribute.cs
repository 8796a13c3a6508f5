namespace SourceNet;

/// <summary>Divides each weight, as a matrix <c>[out, in·…]</c>, by its largest singular value, found by power iteration (Miyato et al. 2018).</summary>
/// <remarks>On the class: the default of every block, which <c>[SpectralNorm(false)]</c> on a block switches off.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SpectralNormAttribute : Attribute
{
    /// <param name="enabled">False to switch the class's default off.</param>
    public SpectralNormAttribute(bool enabled = true) => Enabled = enabled;

    /// <summary>Whether the norm acts; false switches the class's default off.</summary>
    public bool Enabled { get; }

    /// <summary>Power iterations for each forward pass in train mode, at least 1.</summary>
    public int Iterations { get; set; } = 1;
}
