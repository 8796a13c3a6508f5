using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A declared model used as a layer, once or repeated.</summary>
/// <param name="TypeName">The block's type as C# writes it, with <c>global::</c>.</param>
/// <param name="Arguments">The constructor arguments as C# expressions.</param>
/// <param name="Sizes">The sizes behind the block's integral parameters, by name.</param>
/// <param name="UsesPosition">Whether the arguments depend on the position in the stack, <c>index</c>.</param>
/// <param name="Model">What the block declares, if its source is in this compilation.</param>
public sealed record StackLayer(
    string TypeName,
    string DisplayName,
    EquatableArray<string> Arguments,
    EquatableArray<NamedSize> Sizes,
    Dim Repeat,
    bool UsesPosition,
    ModelDeclaration? Model) : Layer
{
    internal static LayerKind Found { get; } = new()
    {
        Attributes = ["Stack"],
        Read = static attribute => attribute.Stack(),
        Modules = [],
        Functions = [],
        OwnModules = [],
        Recognize = LayerKind.NotRecognized,
    };

    /// <summary>Whether it is a list, whose items have numbers in their paths; else it is one model in a field.</summary>
    public bool IsNumbered { get; init; } = true;

    /// <summary>Alone in its block, its items are numbered directly under the block: <c>blocks.0</c>.</summary>
    public override string Role => "";

    public override bool TakesIndices => true;

    public override string KindFor(Shape input) => IsNumbered ? $"Stack<{DisplayName}>" : DisplayName;

    public override IEnumerable<string> Settings(PlacedLayer placed) => [Repeat.Constant == 1 ? "" : $"repeat {Repeat}"];

    internal override Shape Infer(Shape input, ShapeInference shapes)
    {
        if (Model is null)
        {
            return Shape.Unknown;
        }

        if (input.IsKnown && Model.Input is { ElementType: var type } && input.IsIndices != (type == "Int64"))
        {
            var (expects, found) = input.IsIndices ? ("numbers", "indices (Int64)") : ("indices (Int64)", "numbers");
            shapes.Report(Problems.WrongRank(DisplayName, expects, input, Origin) with { Message = $"{DisplayName} expects {expects}, found {found} {input}" });
            return Shape.Unknown;
        }

        var sizes = Sizes.GroupBy(size => size.Name).ToDictionary(group => group.Key, group => group.First().Size);
        if (Model.Input?.Shape is { } expected && input.IsKnown)
        {
            foreach (var free in Model.FreeSizes)
            {
                var axis = expected.Dims.ToList().IndexOf(Dim.Symbol(free));
                if (axis >= 0 && axis < input.Rank)
                {
                    sizes[free] = input.Dims[axis];
                }
            }

            var wanted = expected.Substitute(SizeOf);
            if (Shape.SurelyDiffer(wanted, input))
            {
                shapes.Report(Problems.StackInput(DisplayName, wanted, input, Origin));
                return Shape.Unknown;
            }
        }

        var output = GraphBuilder.Inside(Model).Output.Substitute(SizeOf);
        if (Repeat.Constant != 1 && Shape.SurelyDiffer(output, input))
        {
            shapes.Report(Problems.StackRepeats(DisplayName, input, output, Origin));
            return Shape.Unknown;
        }

        return output;

        // A parameter that the stack leaves at its default has a value, but it is not looked up.
        Dim SizeOf(string name) => sizes.TryGetValue(name, out var size) ? size : Dim.Unknown;
    }

    internal override bool LacksSizes(PlacedLayer placed) => false;

    /// <summary>Its items sort their parameters themselves.</summary>
    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override Dim ParameterCount(PlacedLayer placed) => Model is null
        ? Dim.Unknown
        : Repeat * GraphBuilder.Inside(Model).ParameterCount.Substitute(name => Sizes.FirstOrDefault(size => size.Name == name)?.Size);

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => Model is null ? ModeEffect.Unknown : GraphBuilder.Inside(Model).Mode;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.None;

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Stack(this);
}

/// <summary>A size behind a constructor parameter.</summary>
public sealed record NamedSize(string Name, Dim Size);
