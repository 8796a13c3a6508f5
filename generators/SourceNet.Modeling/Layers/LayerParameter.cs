using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>What a parameter is to the optimizer.</summary>
public enum ParameterRole
{
    /// <summary>Multiplies the input: regularizers of weights act on it.</summary>
    Weight,

    /// <summary>Vectors that are looked up: regularized only where the block itself says so.</summary>
    Table,

    /// <summary>A bias, shift, scale or slope: nothing acts on it.</summary>
    Other,
}

/// <summary>A parameter of a layer.</summary>
/// <param name="Name">The member of its module: <c>weight</c>; of a composed layer through its part: <c>query.weight</c>.</param>
/// <param name="Role">What it is to the optimizer.</param>
/// <param name="Size">How many numbers it has; unknown where its shape is.</param>
public sealed record LayerParameter(string Name, ParameterRole Role, Dim Size)
{
    /// <summary>Whether TorchSharp declares the member as one that may be null. Here it was created.</summary>
    public bool IsNullable { get; init; }

    /// <summary>The groups of a transposed convolution, whose weight has its units on axis 1; null for all other parameters.</summary>
    public Dim? TransposedGroups { get; init; }

    /// <summary>What weight norm calls the lengths of units.</summary>
    public const string Magnitude = "magnitude";

    public static LayerParameter Weight(Dim size, string name = "weight") => new(name, ParameterRole.Weight, size);

    public static LayerParameter Bias(Dim size, string name = "bias") => new(name, ParameterRole.Other, size) { IsNullable = true };

    /// <summary>Of a module that learns something of which the size is not known.</summary>
    public static LayerParameter Unknown { get; } = new("*", ParameterRole.Other, Dim.Unknown);
}
