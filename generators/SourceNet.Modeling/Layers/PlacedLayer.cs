using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A layer in its place.</summary>
/// <param name="Name">Its name in the block: the role, numbered where several layers of the block have it.</param>
/// <param name="Path">Its path in the state_dict; empty for a function of hand-written code.</param>
/// <param name="HasBias">Whether a bias is created.</param>
/// <param name="Tie">The weight that it takes from another layer, if it does.</param>
public sealed record PlacedLayer(Layer Layer, string Name, string Path, Shape Input, Shape Output, bool HasBias, TiedWeight? Tie)
{
    /// <summary>Whether it is of a declared model that hand-written code holds, whose own graph tells its mode.</summary>
    public bool IsOfModelInside { get; init; }

    /// <summary>What it is called: <c>BatchNorm2d</c>.</summary>
    public string Kind => Layer.KindFor(Input);

    /// <summary>Its settings, those that differ from the usual ones.</summary>
    public string Details => string.Join(", ", Layer.Settings(this).Where(setting => setting.Length > 0));

    /// <summary>What it learns.</summary>
    public IEnumerable<LayerParameter> Parameters => Layer.Parameters(this);

    /// <summary>The path of one of its parameters in the state_dict.</summary>
    public string PathOf(LayerParameter parameter)
    {
        var dot = parameter.Name.IndexOf('.');
        return dot > 0 && Layer is WeightedLayer { Names.Count: > 0 } weighted
            ? PathOfPart(weighted, parameter.Name.Substring(0, dot)) + parameter.Name.Substring(dot)
            : $"{Path}.{parameter.Name}";
    }

    /// <summary>The parts that have names of their own, with their paths in the state_dict.</summary>
    public IEnumerable<NamedPart> NamedParts => Layer is WeightedLayer { Names.Count: > 0 } weighted
        ? weighted.Parts.Select(part => new NamedPart(part, PathOfPart(weighted, part)))
        : [];

    private string PathOfPart(WeightedLayer weighted, string part)
    {
        var name = weighted.Names[weighted.Parts.ToList().IndexOf(part)];
        return LayerNaming.Join(Layer.Name is null ? Path.Substring(0, Math.Max(0, Path.Length - Name.Length - 1)) : Path, name);
    }

    /// <summary>How many numbers it learns; unknown where a shape is.</summary>
    public Dim ParameterCount => Layer.ParameterCount(this);

    /// <summary>Its part in a fused step.</summary>
    public FusionPart Fusion => Layer.Fusion(this);

    /// <summary>Whether weight norm, spectral norm and DropConnect can act on it.</summary>
    public bool CanBeReparametrized => Layer is WeightedLayer { CanBeReparametrized: true };

    /// <summary>Whether its module leaves a tensor to the garbage collector: TorchSharp's Dropout1d does not dispose what it unsqueezes.</summary>
    public bool LeavesTensorsBehind => Layer is DropoutLayer { Kind: DropoutKind.Spatial } && Input.Rank <= 2;

    /// <summary>Whether it has a weight that regularizers act on.</summary>
    public bool HasWeights => Parameters.Any(parameter => parameter.Role != ParameterRole.Other);
}

/// <summary>The weight that a tied layer takes: of which layer of which block.</summary>
public sealed record TiedWeight(string Block, string Layer, string Path, bool IsEmbedding);

/// <summary>A part of a layer that has a name of its own.</summary>
/// <param name="Part">What the layer calls it.</param>
/// <param name="Path">Its path in the state_dict.</param>
public sealed record NamedPart(string Part, string Path);
