using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Declarations;

/// <summary>The rules about declarations. Their messages are those of the problems that they report.</summary>
internal static class DeclarationRules
{
    private const string Category = "SourceNet.Declarations";
    private const string Message = "{0}";
    private const DiagnosticSeverity Error = DiagnosticSeverity.Error;
    private const DiagnosticSeverity Warning = DiagnosticSeverity.Warning;

    public static readonly DiagnosticDescriptor NotExtensible = new(
        "SN6001",
        "A model must be a partial class that can be instantiated",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The generator writes the other part of the class and makes it a SourceNet.Model. It can do so only where the class and the types around it are "
            + "partial, and the class is no record, struct, static or abstract class.",
        RuleDocumentation.Link("SN6001"));

    public static readonly DiagnosticDescriptor OtherBase = new(
        "SN6002",
        "A model must not have another base class",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The generated part derives from SourceNet.Model, and a class has one base.",
        RuleDocumentation.Link("SN6002"));

    public static readonly DiagnosticDescriptor NotABlock = new(
        "SN6003",
        "A block must be a partial method from Tensor to Tensor",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The generator writes a block's body from its attributes: a partial method without a body, with one Tensor parameter and a Tensor result. The forward "
            + "that composes the blocks is the override of the model's.",
        RuleDocumentation.Link("SN6003"));

    public static readonly DiagnosticDescriptor NoBlocks = new(
        "SN6004",
        "A model needs a block",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "A model without blocks and without a forward of its own has no layers to expand.",
        RuleDocumentation.Link("SN6004"));

    public static readonly DiagnosticDescriptor BadExpression = new(
        "SN6005",
        "An expression cannot be read",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Sizes and rates that are given as text are expressions of numbers, names and + - * / ( ).",
        RuleDocumentation.Link("SN6005"));

    public static readonly DiagnosticDescriptor UnknownName = new(
        "SN6006",
        "An expression uses an unknown name",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The names in an expression are numeric parameters of the primary constructor, constants and static readonly fields of the class.",
        RuleDocumentation.Link("SN6006"));

    public static readonly DiagnosticDescriptor BadSize = new(
        "SN6007",
        "A size must be a whole number that is large enough",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The sizes of layers are whole numbers, mostly of at least 1.",
        RuleDocumentation.Link("SN6007"));

    public static readonly DiagnosticDescriptor BadSetting = new(
        "SN6008",
        "A setting has a value that its layer cannot take",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "A setting of a layer is outside of what TorchSharp accepts.",
        RuleDocumentation.Link("SN6008"));

    public static readonly DiagnosticDescriptor UnknownShape = new(
        "SN6009",
        "A weight's size is not known",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Weights are made when the model is constructed. Their sizes follow from the shape before the layer, which must be known by then.",
        RuleDocumentation.Link("SN6009"));

    public static readonly DiagnosticDescriptor WrongRank = new(
        "SN6010",
        "A layer does not fit the kind of shape that it gets",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "A layer needs a shape of a certain rank and layout: channels first for convolutions, features last for linear layers, indices for embeddings.",
        RuleDocumentation.Link("SN6010"));

    public static readonly DiagnosticDescriptor OutOfRange = new(
        "SN6011",
        "A rate or strength is out of range",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Dropout rates are in [0, 1), strengths are at least 0.",
        RuleDocumentation.Link("SN6011"));

    public static readonly DiagnosticDescriptor Mismatch = new(
        "SN6012",
        "Shapes or sizes do not agree",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Two shapes that must agree differ, or a size is not divisible by what divides it.",
        RuleDocumentation.Link("SN6012"));

    public static readonly DiagnosticDescriptor BadName = new(
        "SN6013",
        "A state_dict name is taken or malformed",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Every layer and hand-written part needs a place of its own in the state_dict.",
        RuleDocumentation.Link("SN6013"));

    public static readonly DiagnosticDescriptor BadStack = new(
        "SN6014",
        "A stack cannot be built",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "A stack repeats a declared model other than itself, whose constructor takes the stated arguments.",
        RuleDocumentation.Link("SN6014"));

    public static readonly DiagnosticDescriptor BadTie = new(
        "SN6015",
        "A weight cannot be tied",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "TiedTo shares the weight of an embedding or linear layer of an earlier block, which must have the shape that is needed.",
        RuleDocumentation.Link("SN6015"));

    public static readonly DiagnosticDescriptor NoOutput = new(
        "SN6016",
        "Class-level layers reach the logits",
        Message,
        Category,
        Warning,
        isEnabledByDefault: true,
        "Norm, activation and dropout on the class apply to every block with a weighted layer that is not marked [Output].",
        RuleDocumentation.Link("SN6016"));

    public static readonly DiagnosticDescriptor TwoNorms = new(
        "SN6017",
        "A block normalizes twice",
        Message,
        Category,
        Warning,
        isEnabledByDefault: true,
        "A second norm with no weighted layer between changes nothing that training could not undo, and costs time.",
        RuleDocumentation.Link("SN6017"));

    public static readonly DiagnosticDescriptor Missing = new(
        "SN6018",
        "A required setting is missing",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The layer cannot be made without this setting.",
        RuleDocumentation.Link("SN6018"));

    public static readonly DiagnosticDescriptor Repeated = new(
        "SN6019",
        "An attribute is repeated",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "What may be said once is said twice; which one holds would depend on the order.",
        RuleDocumentation.Link("SN6019"));

    public static readonly DiagnosticDescriptor Misplaced = new(
        "SN6020",
        "An attribute has no meaning where it stands",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The attribute needs a context that is not given here.",
        RuleDocumentation.Link("SN6020"));

    public static readonly DiagnosticDescriptor NoWeights = new(
        "SN6021",
        "A weight regularizer has no weights to act on",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The block has no layer whose weights the regularizer could apply to.",
        RuleDocumentation.Link("SN6021"));

    public static readonly DiagnosticDescriptor NoModel = new(
        "SN6022",
        "Layer attributes on a class without [Model]",
        Message,
        Category,
        Warning,
        isEnabledByDefault: true,
        "The generator reads only classes with [Model]; elsewhere layers and regularizers do nothing.",
        RuleDocumentation.Link("SN6022"));

    public static readonly DiagnosticDescriptor PartIsNull = new(
        "SN6023",
        "A hand-written part is null when the model registers its layers",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The base constructor registers fields and auto-properties of module types. It runs after their initializers and before the body of a constructor.",
        RuleDocumentation.Link("SN6023"));

    public static readonly DiagnosticDescriptor UnusedDefault = new(
        "SN6024",
        "A class-level default reaches no block",
        Message,
        Category,
        Warning,
        isEnabledByDefault: true,
        "A norm, activation, dropout or weight regularizer on the class is the default of blocks with a weighted layer; where no block takes it, it does "
            + "nothing.",
        RuleDocumentation.Link("SN6024"));

    public static readonly DiagnosticDescriptor NoLayers = new(
        "SN6025",
        "A block has no layer",
        Message,
        Category,
        Warning,
        isEnabledByDefault: true,
        "A block without a layer attribute gives what it gets.",
        RuleDocumentation.Link("SN6025"));

    public static readonly DiagnosticDescriptor ReservedMember = new(
        "SN6026",
        "A member has the name of a generated one",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "The generator writes members of these names into every model, and a class has one member of a name.",
        RuleDocumentation.Link("SN6026"));

    public static readonly DiagnosticDescriptor NotRegistrable = new(
        "SN6027",
        "A member holds modules in a way that cannot be registered",
        Message,
        Category,
        Error,
        isEnabledByDefault: true,
        "Modules in fields, arrays, collections, dictionaries with text as keys, and tuples of these have a name in the state_dict. What is held otherwise "
            + "would not be trained, saved or moved.",
        RuleDocumentation.Link("SN6027"));

    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        NotExtensible,
        OtherBase,
        NotABlock,
        NoBlocks,
        BadExpression,
        UnknownName,
        BadSize,
        BadSetting,
        UnknownShape,
        WrongRank,
        OutOfRange,
        Mismatch,
        BadName,
        BadStack,
        BadTie,
        NoOutput,
        TwoNorms,
        Missing,
        Repeated,
        Misplaced,
        NoWeights,
        NoModel,
        PartIsNull,
        UnusedDefault,
        NoLayers,
        ReservedMember,
        NotRegistrable);

    private static readonly Dictionary<string, DiagnosticDescriptor> s_byId = All.ToDictionary(rule => rule.Id);

    public static DiagnosticDescriptor? Find(string id) => s_byId.TryGetValue(id, out var rule) ? rule : null;
}
