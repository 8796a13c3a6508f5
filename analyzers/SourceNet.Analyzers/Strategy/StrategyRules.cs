using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Strategy;

/// <summary>The rules about how much regularization fits how much data.</summary>
internal static class StrategyRules
{
    private const string Description = "What is usual depends on the data and the model: this is a heuristic, and a place to start from.";

    public static readonly DiagnosticDescriptor Dropout = Rule(
        "SN7001",
        "Dropout is unusual for so much data",
        "'{0}' {1}; for {2} samples {4} recommends about {3}. It is a heuristic: watch the gap between training and validation.",
        Description);

    public static readonly DiagnosticDescriptor WeightDecay = Rule(
        "SN7002",
        "Weight decay is unusual for so much data",
        "'{0}' {1}; for {2} samples {4} recommends about {3}. It is a heuristic: watch the gap between training and validation.",
        Description);

    public static readonly DiagnosticDescriptor Augmentation = Rule(
        "SN7003",
        "Nothing augments so little data",
        "'{0}' is trained on {1} samples, for which {2} recommends augmentation, and nothing in this project augments data. It is a heuristic.",
        Description,
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor Normalization = Rule(
        "SN7004",
        "A deep model normalizes nothing",
        "'{0}' has {1} layers with weights and no norm; for {2} samples {3} recommends normalization: deep networks train slowly or not at all without.",
        "Ioffe and Szegedy, Batch Normalization, ICML 2015: norms keep activations in range and allow larger learning rates.");

    public static readonly DiagnosticDescriptor Nothing = Rule(
        "SN7005",
        "Nothing regularizes a model",
        "Nothing regularizes '{0}', which is trained on {1} samples: {4} recommends dropout of about {2} and weight decay of about {3}. It is a heuristic.",
        Description);

    public static readonly DiagnosticDescriptor Size = new(
        "SN7006",
        "The size of a training set is none",
        "{0} must be a number of samples, at least 1, found {1}: the rules about strategy are silent",
        RuleCategory.Strategy,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A size that cannot be read would switch the rules about strategy off without a word.",
        RuleDocumentation.Link("SN7006"));

    public static readonly DiagnosticDescriptor PolicyFile = new(
        "SN7007",
        "The policy file cannot be read",
        "The policy cannot be read, so the rules about strategy are silent: {0}",
        RuleCategory.Strategy,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The built-in table is not used instead: a team that has a policy means its own.",
        RuleDocumentation.Link("SN7007"),
        WellKnownDiagnosticTags.CompilationEnd);

    private static DiagnosticDescriptor Rule(string id, string title, string message, string description, params string[] tags) =>
        new(id, title, message, RuleCategory.Strategy, DiagnosticSeverity.Info, isEnabledByDefault: true, description, RuleDocumentation.Link(id), tags);
}
