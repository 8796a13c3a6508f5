namespace SourceNet;

/// <summary>Divides each weight, as a matrix <c>[out, in·…]</c>, by its largest singular value, found by power iteration (Miyato et al. 2018).</summary>
/// <remarks>On the class: for every block's weights.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class SpectralNormAttribute : Attribute
{
    /// <summary>Power iterations for each forward pass in train mode, at least 1.</summary>
    public int Iterations { get; set; } = 1;
}
