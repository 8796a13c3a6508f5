using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>
/// What a layer is: all that the compiler knows of its kind stands in the one class that derives from this. Passes and back ends ask it, and none keeps a
/// table of kinds of its own. How a layer is found in code says its <see cref="LayerKind"/>, beside it in the same file.
/// </summary>
public abstract record Layer
{
    /// <summary>What it does in its block; its name in the state_dict if nothing else is said.</summary>
    public abstract string Role { get; }

    /// <summary>The name that the declaration gives it.</summary>
    public string? Name { get; init; }

    /// <summary>What it says itself that its weights start from; null if nothing.</summary>
    public Initialization? Initialization { get; init; }

    public Origin Origin { get; init; }

    public Provenance Provenance { get; init; }

    /// <summary>Whether the hand-written code that makes it says something that is not here, such as a padding mode.</summary>
    public bool LeavesOut { get; init; }

    /// <summary>What it is called, for the shape that it gets: <c>BatchNorm2d</c>.</summary>
    public abstract string KindFor(Shape input);

    /// <summary>Its settings in words, those that differ from the usual ones. An empty one is left out.</summary>
    public abstract IEnumerable<string> Settings(PlacedLayer placed);

    /// <summary>The shape that it gives. What is not known stays unknown, and nothing is reported about it.</summary>
    internal abstract Shape Infer(Shape input, ShapeInference shapes);

    /// <summary>Whether it holds or does something that depends on a size that is not known, so that no code can be written for it.</summary>
    internal abstract bool LacksSizes(PlacedLayer placed);

    /// <summary>What it learns, weights first.</summary>
    public abstract IEnumerable<LayerParameter> Parameters(PlacedLayer placed);

    /// <summary>What it does for regularization in the forward pass.</summary>
    public abstract IEnumerable<ForwardRegularizer> Regularizers { get; }

    /// <summary>Whether train and eval mode differ.</summary>
    public abstract ModeEffect Mode { get; }

    /// <summary>Its part in a fused step, or why it has none.</summary>
    public abstract FusionPart Fusion(PlacedLayer placed);

    /// <summary>Whether it holds parameters or a mode, so that the model registers a module for it; else it is a function.</summary>
    public abstract bool IsRegistered { get; }

    /// <summary>The attribute that says it exactly, its name and then its arguments; null if none does. An argument that is not known is empty.</summary>
    public abstract IEnumerable<string>? Attribute { get; }

    /// <summary>Calls the member of a back end that is about this kind. A back end without one does not compile.</summary>
    public abstract TResult Accept<TResult>(ILayerVisitor<TResult> visitor);

    /// <summary>Whether it takes indices into a table, such as tokens, as well as numbers.</summary>
    public virtual bool TakesIndices => false;

    /// <summary>Whether it stands for nothing: it switches off what the class says.</summary>
    public virtual bool IsSwitchedOff => false;

    /// <summary>Its place in what a class gives its blocks; null for a layer that no class can say.</summary>
    public virtual ClassDefault? Default => null;

    /// <summary>Whether the numbers that come out are those that went in, one by one changed or some left out.</summary>
    public virtual bool KeepsElements => false;

    /// <summary>Whether it gives what it gets in another shape.</summary>
    public virtual bool OnlyReshapes => false;

    /// <summary>The shape that it gets where hand-written code says of its input only how many features or channels it has.</summary>
    public virtual Shape InputFor(Shape input, Dim size) => input.IsKnown ? input : Shape.Of(Layout.FeaturesLast, size);

    /// <summary>How many numbers it learns. A tied weight counts where it is made.</summary>
    public virtual Dim ParameterCount(PlacedLayer placed) => Parameters(placed).Aggregate((Dim)0, (sum, parameter) => sum + parameter.Size);

    /// <summary>One axis for features or a signal, two for an image, three for a volume: <c>2d</c>. Empty where it is not known.</summary>
    private protected static string SpatialSuffix(Shape input, int? axes) =>
        axes is { } said ? $"{said}d"
        : !input.IsKnown ? ""
        : input.Rank <= 2 ? "1d"
        : input.Rank == 3 ? "2d"
        : "3d";
}

/// <summary>A layer with a weight: the class's default tail of norm, activation and dropout comes after the last one of a block.</summary>
public abstract record WeightedLayer : Layer
{
    /// <summary>Whether it has a bias; null if the declaration leaves it open.</summary>
    public bool? Bias { get; init; }

    /// <summary>Whether it has a bias if nothing is said, and no norm takes it away.</summary>
    public virtual bool UsualBias => true;

    /// <summary>Whether it has one weight of its own, which weight norm, spectral norm and DropConnect can take apart.</summary>
    public virtual bool CanBeReparametrized => false;

    /// <summary>Into how many units its weight falls, each with a length of its own.</summary>
    public virtual Dim Units => Dim.Unknown;

    /// <summary>Whether a norm that follows directly, and subtracts a mean of each channel, makes its bias useless.</summary>
    public virtual bool LosesBiasBeforeNorm => false;

    /// <summary>The linear layers that it is made of, in order, as its module calls them; empty for one that is made of none.</summary>
    public virtual IReadOnlyList<string> Parts => [];

    /// <summary>What the state_dict calls those parts, below the layer's own name if it has one, else in its block; empty for their usual names.</summary>
    public EquatableArray<string> Names { get; init; }

    private protected static string NoBias(PlacedLayer placed) => placed.HasBias ? "" : "no bias";
}
