using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>How a kind of layer is found in code. Every member must be given: an empty list says that there is no such way.</summary>
internal sealed record LayerKind
{
    /// <summary>The attributes that declare it, without their suffix.</summary>
    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>Reads one of them; null if it could not be read, and then a problem says why, or the compiler does.</summary>
    public required Func<AttributeArguments, Layer?> Read { get; init; }

    /// <summary>The functions of <c>torch.nn</c> that make it, called as the classes that they make.</summary>
    public required IReadOnlyList<string> Modules { get; init; }

    /// <summary>The functions of <c>torch.nn.functional</c> and methods of tensors that do the same.</summary>
    public required IReadOnlyList<string> Functions { get; init; }

    /// <summary>The classes of <c>SourceNet.Layers</c> that are it.</summary>
    public required IReadOnlyList<string> OwnModules { get; init; }

    /// <summary>Reads what one of those functions or constructors gets; null if it does something else with these arguments.</summary>
    public required Func<ModuleArguments, MadeLayer?> Recognize { get; init; }

    /// <summary>For kinds that no attribute declares.</summary>
    public static Layer? NotDeclared(AttributeArguments attribute) => null;

    /// <summary>For kinds that hand-written code does not make.</summary>
    public static MadeLayer? NotRecognized(ModuleArguments arguments) => null;
}

/// <summary>A layer that hand-written code makes.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="InSize">The features or channels that it says it takes; unknown for one that takes any.</param>
/// <param name="HasBias">Whether it adds a bias; null if that is not known.</param>
internal sealed record MadeLayer(Layer Layer, Dim InSize, bool? HasBias)
{
    /// <summary>A layer without weights.</summary>
    public static MadeLayer Of(Layer layer) => new(layer, Dim.Unknown, false);
}
