using Microsoft.CodeAnalysis;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>What spoils the numbers that a cross-entropy takes: SN3004 (dropout) and SN3007 (an activation that cuts them off).</summary>
internal sealed class LogitsRule() : ArchitectureRule(s_dropout, s_activation)
{
    private static readonly DiagnosticDescriptor s_dropout = Rule(
        "SN3004",
        "Dropout on the logits",
        "This dropout comes after the last layer, so it zeroes and scales the logits themselves: the loss is computed of wrong predictions. Put it before {0}.",
        DiagnosticSeverity.Warning,
        "A logit that dropout zeroes says that its class is as likely as any: no weight can make the loss small.",
        WellKnownDiagnosticTags.CompilationEnd);

    private static readonly DiagnosticDescriptor s_activation = Rule(
        "SN3007",
        "An activation cuts off the logits",
        "{0} comes after the last layer, and a cross-entropy takes what it gives: classes cannot be told to be unlikely, and where it is flat nothing is "
            + "learned. Remove it.",
        DiagnosticSeverity.Warning,
        "A cross-entropy takes logits of any sign. An activation that is 0 below 0 makes all classes with negative logits equally likely and gives them no "
            + "gradient.",
        WellKnownDiagnosticTags.CompilationEnd);

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var node in model.Results())
        {
            var before = model.Graph.Nodes[node].Inputs is { Count: 1 } inputs ? inputs[0] : -1;
            if (before < 0 || model.Graph.LayerAt(before) is not (LinearLayer or ConvolutionLayer))
            {
                continue;
            }

            switch (model.Graph.LayerAt(node))
            {
                case DropoutLayer { Rate.IsZero: false }:
                    yield return new(s_dropout, node, model.UsedAt(node), model.Name(before))
                    {
                        Condition = model.GivesLogits ? Condition.None : Condition.GivesLogits
                    };
                    break;
                case ActivationLayer { Function: var function } when function.IsFlatBelow0():
                    yield return new(s_activation, node, model.UsedAt(node), function)
                    {
                        Condition = model.GivesLogits ? Condition.None : Condition.GivesLogits
                    };
                    break;
            }
        }
    }
}
