using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Regularizers;

/// <summary>A regularizer of weights: on a block for its weights, on the class as the default of its blocks.</summary>
public abstract record WeightRegularizer(RegularizationKind Kind, StrengthArgument Argument) : Regularizer(Kind)
{
    public sealed override StrengthArgument Argument { get; } = Argument;

    public sealed override string? Off => Argument.Off is { } off ? $"{Attribute}({off})" : null;

    /// <summary>What of the weights it is about. Another one that decides the same would undo it.</summary>
    public required WeightAspect ActsOn { get; init; }

    /// <summary>What of the weights it alone decides, whatever they were before.</summary>
    public WeightAspect Decides { get; init; }
}

/// <summary>What of its weights a regularizer is about.</summary>
[Flags]
public enum WeightAspect
{
    None = 0,

    /// <summary>The lengths of units, or of the whole weight.</summary>
    Lengths = 1,

    /// <summary>Single weights: which are 0, or which sign they have.</summary>
    Elements = 2,
}

/// <summary>A regularizer that is others together.</summary>
/// <param name="Parts">Which, and how strong each is.</param>
public sealed record CompositeRegularizer(
    RegularizationKind Kind,
    StrengthArgument Argument,
    Func<Strength, IReadOnlyList<(RegularizationKind Kind, Rate Strength)>> Parts) : WeightRegularizer(Kind, Argument);

/// <summary>A regularizer that the optimizer or the loss applies to a group of parameters.</summary>
/// <param name="GroupName">What it adds to the name of such a group: <c>weight decay</c>.</param>
public abstract record GroupRegularizer(RegularizationKind Kind, StrengthArgument Argument, string GroupName) : WeightRegularizer(Kind, Argument);

/// <summary>A number of <c>WeightRegularization</c>.</summary>
/// <param name="Member">Which one.</param>
public sealed record WeightPenalty(
    RegularizationKind Kind,
    StrengthArgument Argument,
    string GroupName,
    string Member) : GroupRegularizer(Kind, Argument, GroupName)
{
    /// <summary>The member that takes the second number; null without one.</summary>
    public string? AlsoMember { get; init; }
}

/// <summary>What happens to all parameters of a block or part, biases and norms included.</summary>
public sealed record ParameterTreatment(RegularizationKind Kind, StrengthArgument Argument) : WeightRegularizer(Kind, Argument);

/// <summary>A set that weights are projected onto after each step.</summary>
/// <param name="Constraint">The member of <c>WeightConstraint</c> that makes it, from its strength as C#.</param>
public sealed record WeightConstraint(
    RegularizationKind Kind,
    StrengthArgument Argument,
    string GroupName,
    Func<string, string> Constraint) : GroupRegularizer(Kind, Argument, GroupName);

/// <summary>A module that makes the weight that a linear layer or convolution computes with from the one that it has.</summary>
/// <param name="Module">The class in <c>SourceNet.CompilerServices</c>.</param>
/// <param name="Role">The module's name beside the layer's: <c>linear_weight_norm</c>.</param>
/// <param name="Arguments">What its constructor gets of its own, from the strength: <c>, iterations: 3</c> after the weight, <c>0.1</c> where there is
/// none.</param>
public sealed record Reparametrization(
    RegularizationKind Kind, StrengthArgument Argument, string Module, string Role, Func<Rate, string> Arguments) : WeightRegularizer(Kind, Argument)
{
    /// <summary>Whether the module is made from the weight. One that is not acts last, on what the others made.</summary>
    public required bool StartsFromWeight { get; init; }

    /// <summary>Whether it decides the scale of the weight, which only one can, and has to know which axis counts the units.</summary>
    public required bool DecidesScale { get; init; }

    /// <summary>Whether it looks at each unit by itself, so that the groups of a transposed convolution matter.</summary>
    public required bool IsPerUnit { get; init; }

    /// <summary>What it does in train mode and not in eval mode, in words; empty for one that does the same in both.</summary>
    public required string InTrainMode { get; init; }

    /// <summary>Whether, as a default, it stays away from the block that makes the logits.</summary>
    public required bool SparesOutput { get; init; }
}
