using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;

namespace SourceNet.Analyzers.Architecture;

/// <summary>A rule about the layer graph of a model, declared or written by hand.</summary>
internal abstract class ArchitectureRule(params DiagnosticDescriptor[] descriptors)
{
    /// <summary>What it can report.</summary>
    public IReadOnlyList<DiagnosticDescriptor> Descriptors => descriptors;

    /// <summary>Looks at one graph.</summary>
    public abstract IEnumerable<Finding> Find(ModelGraph model);

    private protected static DiagnosticDescriptor Rule(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity,
        string description,
        params string[] tags) =>
        new(id, title, message, RuleCategory.Architecture, severity, isEnabledByDefault: true, description, RuleDocumentation.Link(id), tags);
}

/// <summary>What the rest of a program must do for a finding to hold.</summary>
internal enum Condition
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A loss that takes logits gets what the model gives.</summary>
    GivesLogits,

    /// <summary>An optimizer decays the model's weights strongly; how much is the finding's last argument.</summary>
    DecaysStrongly,
}

/// <summary>What a rule found.</summary>
/// <param name="Node">The node at which it is reported.</param>
/// <param name="Place">Where exactly: where the node's layer is made, or where it is applied.</param>
internal sealed record Finding(DiagnosticDescriptor Rule, int Node, Origin Place, params object[] Arguments)
{
    /// <summary>What must be true elsewhere in the program for this to hold.</summary>
    public Condition Condition { get; init; }

    /// <summary>For the fix of SN3003: the axes of the feature maps.</summary>
    public int? Rank { get; init; }
}
