using Microsoft.CodeAnalysis;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3009: the same regularizer twice in a row.</summary>
internal sealed class RepeatedRegularizer() : ArchitectureRule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3009",
        "The same regularizer twice in a row",
        "{0} comes right after {1}: {2}. Remove one.",
        DiagnosticSeverity.Warning,
        "Two dropouts in a row drop more than either says; a norm of what is normalized changes next to nothing.");

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, dropout) in model.Layers<DropoutLayer>())
        {
            if (!dropout.Rate.IsZero
                && model.Before(node, before => model.OnlyReshapes(before)
                    || model.Graph.LayerAt(before) is ActivationLayer { Function: not ActivationKind.GLU }) is { } previous
                && model.Graph.LayerAt(previous) is DropoutLayer { Rate.IsZero: false } first
                && first.Kind == dropout.Kind)
            {
                yield return new(s_rule, node, model.UsedAt(node), model.Name(node), model.Name(previous), Together(first.Rate, dropout.Rate));
            }
        }

        foreach (var (node, norm) in model.Layers<NormLayer>())
        {
            // Of two norms in a declared block SN6017 speaks.
            if (norm.Origin.Kind == OriginKind.Code
                && model.Before(node, model.OnlyReshapes) is { } previous
                && model.Graph.LayerAt(previous) is NormLayer first
                && first.Function == norm.Function)
            {
                yield return new(s_rule, node, model.UsedAt(node), model.Name(node), model.Name(previous), "the second changes next to nothing");
            }
        }
    }

    private static string Together(Rate first, Rate second) => ((first.Complement() * second.Complement()).Complement().Value is { } dropped)
        ? $"together they drop {Rate.Of(dropped).Text} of all numbers"
        : "together they drop more than either says";
}
