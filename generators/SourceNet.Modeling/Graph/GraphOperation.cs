using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>What a step does. One that is understood is exact: its axes, sizes and factors are here.</summary>
public abstract record GraphOperation
{
    /// <summary>Whether it does something else in train than in eval mode.</summary>
    public virtual ModeEffect Mode => ModeEffect.Same;

    /// <summary>What it does for regularization.</summary>
    public virtual IEnumerable<ForwardRegularizer> Regularizers => [];

    /// <summary>In words, for the shape that goes in: <c>cat axis 1</c>.</summary>
    public abstract string Text(Shape input);

    /// <summary>The shape of one sample that comes out of those that go in.</summary>
    internal abstract Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes);

    /// <summary>A parameter of the forward.</summary>
    public sealed record Input(string Name) : GraphOperation
    {
        public override string Text(Shape input) => $"input {Name}";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => shapes.InputOf(Name);
    }

    /// <summary>A block of a declared model, before it is replaced by its layers.</summary>
    public sealed record Call(string Block) : GraphOperation
    {
        public override string Text(Shape input) => $"block {Block}";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            shapes.AfterBlock(Block, inputs.Count > 0 ? inputs[0] : Shape.Unknown);
    }

    /// <summary>A layer is applied: a module, or a function that does the same.</summary>
    /// <param name="InSize">The features or channels that the layer says it takes; unknown for one that takes any.</param>
    /// <param name="HasBias">Whether it adds a bias; null if that is not known.</param>
    /// <param name="Path">The module's path in the state_dict; empty for a function.</param>
    /// <param name="Module">The number of the module object in the graph, the same wherever it is applied; -1 for a function.</param>
    public sealed record Apply(Layer Layer, Dim InSize, bool? HasBias, string Path, int Module) : GraphOperation
    {
        public override ModeEffect Mode => Layer.Mode;

        public override IEnumerable<ForwardRegularizer> Regularizers => Layer.Regularizers;

        public override string Text(Shape input)
        {
            var details = PlacedAt(input, Shape.Unknown).Details;
            return $"{(Path.Length == 0 ? "" : Path + ": ")}{Layer.KindFor(input)}{(details.Length == 0 ? "" : " " + details)}";
        }

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => shapes.AfterLayer(
            Layer,
            PlacedAt(inputs.Count > 0 ? inputs[0] : Shape.Unknown, Shape.Unknown).Input,
            isKnown: inputs.Count > 0 && inputs[0].IsKnown);

        /// <summary>The layer as its own code says it, whatever is known of the graph around it.</summary>
        public PlacedLayer PlacedAt(Shape input, Shape output) => new(Layer, "", Path, Layer.InputFor(input, InSize), output, HasBias != false, null);
    }

    /// <summary>A weight or another tensor that does not come from the input.</summary>
    /// <param name="IsLearned">Whether it is a parameter.</param>
    public sealed record Constant(string Name, bool IsLearned = false) : GraphOperation
    {
        public override string Text(Shape input) => $"constant {Name}";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => Shape.Unknown;
    }

    /// <summary>The sum or difference of tensors.</summary>
    public sealed record Sum : GraphOperation
    {
        public override string Text(Shape input) => "sum";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => GraphShapes.Broadcast(inputs);
    }

    /// <summary>The product or quotient of tensors, number by number.</summary>
    public sealed record Product : GraphOperation
    {
        public override string Text(Shape input) => "product";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => GraphShapes.Broadcast(inputs);
    }

    /// <summary>A product of matrices or vectors.</summary>
    public sealed record MatrixProduct(string Name) : GraphOperation
    {
        public override string Text(Shape input) => "product";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            Name is "matmul" or "bmm"
                && inputs is [{ IsKnown: true, Rank: > 1 } left, { IsKnown: true, Rank: > 1 } right]
                && left.Rank == right.Rank
                && left.Dims.Take(left.Rank - 2).SequenceEqual(right.Dims.Take(right.Rank - 2))
                ? left.With(left.Rank - 1, right.Last)
                : Shape.Unknown;
    }

    /// <summary>Scaled dot-product attention of queries, keys and values.</summary>
    public sealed record Attend(Rate Dropout) : GraphOperation
    {
        public override ModeEffect Mode => ModeEffect.OfRate(Dropout, "attention's dropout still drops");

        public override IEnumerable<ForwardRegularizer> Regularizers => ForwardRegularizer.OfRate(RegularizationKind.Dropout, Dropout);

        public override string Text(Shape input) => "attention" + (Dropout.IsZero ? "" : $", dropout {Dropout.Text}");

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            inputs.Count > 0 && inputs.All(shape => shape.IsKnown && shape.Dims == inputs[0].Dims) ? inputs[0] : Shape.Unknown;
    }

    /// <summary>Tensors side by side.</summary>
    /// <param name="Axis">The axis of the tensors, the batch counted; null if it is not known, or a new one.</param>
    public sealed record Concatenation(int? Axis) : GraphOperation
    {
        public override string Text(Shape input) => "cat" + (Axis is { } axis ? $" axis {axis}" : "");

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            Axis is { } axis ? GraphShapes.Concatenated(inputs, axis) : Shape.Unknown;
    }

    /// <summary>Multiplied by a number, or a number added: linear without weights.</summary>
    public sealed record Scale : GraphOperation
    {
        public override string Text(Shape input) => "scale";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => inputs.Count > 0 ? inputs[0] : Shape.Unknown;
    }

    /// <summary>A function of each number by itself that no layer is: <c>exp</c>.</summary>
    public sealed record Pointwise(string Name) : GraphOperation
    {
        public override string Text(Shape input) => Name;

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => GraphShapes.Broadcast(inputs);
    }

    /// <summary>Axes brought down to one number each: a sum, a mean, a largest one.</summary>
    /// <param name="Axes">The axes, the batch counted.</param>
    /// <param name="KeepsAxes">Whether an axis of size 1 stays in their place.</param>
    public sealed record Reduction(string Name, EquatableArray<int> Axes, bool KeepsAxes) : GraphOperation
    {
        public override string Text(Shape input) => Name;

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            inputs.Count > 0 ? GraphShapes.Reduced(inputs[0], Axes, KeepsAxes) : Shape.Unknown;
    }

    /// <summary>The same numbers in another shape or order, or some of them.</summary>
    /// <param name="Name">TorchSharp's function.</param>
    /// <param name="Numbers">What it gets besides the tensor: axes, sizes, places, the batch counted; null where that is not known.</param>
    public sealed record Rearrangement(string Name, EquatableArray<Dim>? Numbers = null) : GraphOperation
    {
        public override string Text(Shape input) => Name;

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            Numbers is { } numbers && inputs.Count > 0 ? Rearranging.After(Name, numbers, inputs[0]) : Shape.Unknown;
    }

    /// <summary>One of several tensors: which, a condition decides at run time.</summary>
    public sealed record Either : GraphOperation
    {
        public override string Text(Shape input) => "either";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) =>
            inputs.Count > 1 && inputs.All(shape => shape == inputs[0]) ? inputs[0] : Shape.Unknown;
    }

    /// <summary>Anything else. No pass looks past it.</summary>
    /// <param name="Name">The function, or the module's class.</param>
    /// <param name="IsModule">Whether it is a module, in which anything may be.</param>
    public sealed record Unknown(string Name, bool IsModule = false) : GraphOperation
    {
        /// <summary>A function of tensors has no mode.</summary>
        public override ModeEffect Mode => IsModule ? ModeEffect.Unknown : ModeEffect.Same;

        public override string Text(Shape input) => $"unknown {Name}";

        internal override Shape Infer(IReadOnlyList<Shape> inputs, GraphShapes shapes) => Shape.Unknown;
    }
}
