using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>A declared model used as a layer, once or repeated.</summary>
/// <param name="TypeName">The block's type as C# writes it, with <c>global::</c>.</param>
/// <param name="Arguments">The constructor arguments as C# expressions.</param>
/// <param name="Sizes">The sizes behind the block's integral parameters, by name. They may depend on <see cref="Position"/>.</param>
/// <param name="UsesPosition">Whether the arguments depend on the position in the stack.</param>
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
    /// <summary>What the arguments call the position in the stack, from 0.</summary>
    public const string Position = "index";

    /// <summary>More items than that are not counted one by one.</summary>
    private const long MostCounted = 10_000;

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

        var first = SizesAt(0);
        var free = new Dictionary<string, Dim>(StringComparer.Ordinal);
        if (Model.Input?.Shape is { } expected && input.IsKnown)
        {
            foreach (var name in Model.FreeSizes)
            {
                var axis = expected.Dims.ToList().IndexOf(Dim.Symbol(name));
                if (axis >= 0 && axis < input.Rank)
                {
                    free[name] = input.Dims[axis];
                }
            }

            var wanted = At(expected, first);
            if (Shape.SurelyDiffer(wanted, input))
            {
                shapes.Report(Problems.StackInput(DisplayName, wanted, input, Origin));
                return Shape.Unknown;
            }
        }

        if (Repeat.Constant == 0)
        {
            return input;
        }

        var given = GraphBuilder.Inside(Model).Output;
        if (Repeat.Constant != 1)
        {
            var position = Dim.Symbol(Position);
            // Each item gets what the one before it gives.
            var (wanted, output) = UsesPosition && Model.Input is { } stated
                ? (At(stated.Shape, SizesAt(position + 1)), At(given, SizesAt(position)))
                : (input, At(given, first));
            if (Shape.SurelyDiffer(output, wanted))
            {
                shapes.Report(UsesPosition
                    ? Problems.StackSequence(DisplayName, output, wanted, Origin)
                    : Problems.StackRepeats(DisplayName, input, output, Origin));
                return Shape.Unknown;
            }
        }

        return At(given, SizesAt(Repeat - 1));

        // A parameter that the stack leaves at its default has a value, but it is not looked up.
        Shape At(Shape shape, Dictionary<string, Dim> sizes) => shape.Substitute(name =>
            sizes.TryGetValue(name, out var size) || free.TryGetValue(name, out size) ? size : Dim.Unknown);
    }

    /// <summary>The sizes of the item at a position.</summary>
    private Dictionary<string, Dim> SizesAt(Dim position) => Sizes.GroupBy(size => size.Name).ToDictionary(
        group => group.Key,
        group => group.First().Size.Substitute(name => UsesPosition && name == Position ? position : null),
        StringComparer.Ordinal);

    internal override bool LacksSizes(PlacedLayer placed) => false;

    /// <summary>Its items sort their parameters themselves.</summary>
    public override IEnumerable<LayerParameter> Parameters(PlacedLayer placed) => [];

    public override Dim ParameterCount(PlacedLayer placed)
    {
        if (Model is null)
        {
            return Dim.Unknown;
        }

        var count = GraphBuilder.Inside(Model).ParameterCount;
        return !UsesPosition ? Repeat * At(0)
            : Repeat.Constant is { } items and <= MostCounted
                ? Enumerable.Range(0, (int)Math.Max(items, 0)).Aggregate((Dim)0, (sum, position) => sum + At(position))
            : Dim.Unknown;

        Dim At(int position)
        {
            var sizes = SizesAt(position);
            return count.Substitute(name => sizes.TryGetValue(name, out var size) ? size : null);
        }
    }

    public override IEnumerable<ForwardRegularizer> Regularizers => [];

    public override ModeEffect Mode => Model is null ? ModeEffect.Unknown : GraphBuilder.Inside(Model).Mode;

    public override FusionPart Fusion(PlacedLayer placed) => FusionPart.None;

    public override bool IsRegistered => true;

    public override IEnumerable<string>? Attribute => null;

    public override TResult Accept<TResult>(ILayerVisitor<TResult> visitor) => visitor.Stack(this);
}

/// <summary>A size behind a constructor parameter.</summary>
public sealed record NamedSize(string Name, Dim Size);
