using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>A model as its author wrote it: what a front end hands to the passes. Values only, no symbol of the compiler.</summary>
public sealed record ModelDeclaration
{
    public required TypeIdentity Type { get; init; }

    /// <summary>What the class says about one sample; its shape is unknown if that could not be read.</summary>
    public StatedShape? Input { get; init; }

    /// <summary>What the class says about what comes out.</summary>
    public StatedShape? Output { get; init; }

    /// <summary>Names that stay open until run time, such as the length of a sequence.</summary>
    public EquatableArray<string> FreeSizes { get; init; }

    /// <summary>Static fields and constructor parameters that expressions mention, each in order of declaration.</summary>
    public EquatableArray<string> UsedArguments { get; init; }

    /// <summary>The class's default layers: norm, activation, dropout.</summary>
    public EquatableArray<Layer> Defaults { get; init; }

    /// <summary>What the class says about weights, the default of its blocks.</summary>
    public WeightRegularizers Regularizers { get; init; } = WeightRegularizers.None;

    /// <summary>What the class says that weights start from; null if nothing.</summary>
    public Initialization? Initialization { get; init; }

    /// <summary>The signature of the forward that its author wrote, unless it is from one tensor to one.</summary>
    public ForwardSignature? Signature { get; init; }

    /// <summary>What the objectives are about, in order of declaration, where the forward has a signature of its own; else one alone.</summary>
    public EquatableArray<DeclaredObjective> Objectives { get; init; }

    /// <summary>The first objective; of a forward that gives one tensor there is no other.</summary>
    public ObjectiveKind Objective { get; init; }

    /// <summary>What is said about the objective beside its kind.</summary>
    public ObjectiveSettings ObjectiveSettings { get; init; } = ObjectiveSettings.None;

    /// <summary>Whether neighboring layers may be computed by one kernel.</summary>
    public bool Fuse { get; init; } = true;

    /// <summary>What the class says about its objective, its gradients and its training, in order of declaration.</summary>
    public EquatableArray<DeclaredRegularizer> ModelRegularizers { get; init; }

    public EquatableArray<BlockDeclaration> Blocks { get; init; }

    /// <summary>Whether the class has a forward of its own, which composes the blocks.</summary>
    public bool HasForward { get; init; }

    /// <summary>
    /// What the author wrote by hand, read as hand-written models are: the steps of that forward, with calls of blocks, and the modules in its parts. Null if
    /// there is nothing.
    /// </summary>
    public LayerGraph? Written { get; init; }

    public EquatableArray<HandWrittenPart> Parts { get; init; }

    /// <summary>What happens to all parameters of a part: what it says itself, and else what the class says.</summary>
    public WeightRegularizers TreatmentsOf(HandWrittenPart part) =>
        part.Treatments.Or(Regularizers.Without(entry => RegularizerCatalogue.Of(entry.Kind) is not ParameterTreatment)).Effective();

    /// <summary>Whether a path of the state_dict is that of a hand-written part that is frozen for good, or lies in one.</summary>
    public bool NeverLearns(string path) => Parts.Any(part =>
        (path == part.StateName || path.StartsWith(part.StateName + ".", StringComparison.Ordinal))
        && TreatmentsOf(part)[RegularizationKind.Frozen] is { FreezesForGood: true });

    /// <summary>Annotated partial methods that no layers can be written for.</summary>
    public EquatableArray<MethodStub> Stubs { get; init; }

    /// <summary>What is wrong with the author's forward, where the model's own has to stand beside it; null if nothing is.</summary>
    public string? ForwardObstacle { get; init; }

    /// <summary>Names of members and constructor parameters that generated members must not take.</summary>
    public EquatableArray<string> TakenNames { get; init; }

    /// <summary>Names of members that the author wrote and the generator would write too: it leaves them out.</summary>
    public EquatableArray<string> WrittenMembers { get; init; }

    /// <summary>Whether generated code mentions something that the author marked obsolete.</summary>
    public bool MentionsObsolete { get; init; }

    public EquatableArray<Problem> Problems { get; init; }
}

/// <summary>How the generated part of a class must be written.</summary>
/// <param name="MetadataName">The full name, with <c>+</c> for nesting and <c>`1</c> for type parameters.</param>
/// <param name="Containers">The heads of the enclosing types, outermost first: <c>partial class Zoo</c>.</param>
/// <param name="Head">The head of the class itself: <c>partial class Mlp</c>.</param>
/// <param name="StatesBase">Whether the author's part names a base, so that the generated part must not.</param>
/// <param name="CanDerive">Whether the class is a model, or can be made one.</param>
/// <param name="CanExtend">Whether the class is one that a generated part can make a model.</param>
/// <param name="CanComplete">Whether its methods can be given bodies in another part, whatever else is wrong with it.</param>
public sealed record TypeIdentity(
    string Namespace,
    string MetadataName,
    string Name,
    EquatableArray<string> Containers,
    string Head,
    bool StatesBase,
    bool CanDerive,
    bool CanExtend,
    bool CanComplete)
{
    /// <summary>Whether no class can derive from it and compute something else.</summary>
    public bool IsSealed { get; init; }
}

/// <summary>The shape of one sample as an attribute states it; unknown if that could not be read.</summary>
public sealed record StatedShape(Shape Shape, string ElementType, Origin Origin);

/// <summary>An annotated partial method.</summary>
/// <param name="Modifiers">As the declaration has them: <c>private partial</c>.</param>
/// <param name="StateName">Its path in the state_dict; empty if its layers sit on the model itself.</param>
/// <param name="IsExpandable">Whether an implementation can be written for it.</param>
/// <param name="Regularizers">What it says about its weights itself.</param>
public sealed record BlockDeclaration(
    string MethodName,
    string Modifiers,
    string Parameter,
    string StateName,
    bool IsExpandable,
    StatedShape? Input,
    EquatableArray<Layer> Layers,
    bool IsResidual,
    bool IsOutput,
    WeightRegularizers Regularizers,
    Origin Origin)
{
    /// <summary>What <c>[Output]</c> says about the shape that comes out; null if nothing.</summary>
    public StatedShape? Output { get; init; }

    /// <summary>What it says itself that its weights start from; null if nothing.</summary>
    public Initialization? Initialization { get; init; }

    /// <summary>The layers that work on the sum of a residual, after its body, which <see cref="Layers"/> are.</summary>
    public EquatableArray<Layer> AfterSum { get; init; }

    /// <summary>Where <c>[Residual]</c> is said, if it is.</summary>
    public Origin ResidualOrigin { get; init; } = Origin;
}

public enum PartKind
{
    Module,

    /// <summary>An array or collection of modules.</summary>
    Modules,

    /// <summary>Modules in dictionaries, tuples, collections of collections, or where there may be none.</summary>
    Nested,
    Parameter,

    /// <summary>A tensor that is no parameter: saved and moved, not trained.</summary>
    Buffer,
}

/// <summary>How generated code can give a part another value.</summary>
public enum PartWrite
{
    /// <summary>Not at all: a property without a setter.</summary>
    Never,

    /// <summary>By assignment.</summary>
    Assign,

    /// <summary>Through a reference to the field, which is readonly.</summary>
    Field,
}

/// <summary>A field or property of the class that holds modules, a parameter, or a buffer.</summary>
/// <param name="IsNullable">Whether its type says that it may be null: then it is absent.</param>
public sealed record HandWrittenPart(string Member, string StateName, PartKind Kind, PartWrite Write, bool IsNullable, Origin Origin)
{
    /// <summary>How it holds its modules; null if it is a parameter or a buffer.</summary>
    public PartShape? Shape { get; init; }

    /// <summary>What it says about all of its parameters itself.</summary>
    public WeightRegularizers Treatments { get; init; } = WeightRegularizers.None;

    /// <summary>Whether there are modules in it, with weights to regularize.</summary>
    public bool HoldsModules => Shape is not null;
}

/// <summary>
/// The implementation part of a method that cannot be a block. It throws: without it the compiler would stop before the analyzers say what is wrong.
/// </summary>
/// <param name="Head">The method without its body, as both parts must have it.</param>
/// <param name="Message">What calling it says.</param>
public sealed record MethodStub(string Head, string Message);
