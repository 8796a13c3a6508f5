using Microsoft.CodeAnalysis;
using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3011: strong dropout and strong weight decay on the same model.</summary>
internal sealed class StrongRegularization() : ArchitectureRule(s_rule)
{
    public const double StrongDecay = 1e-2;

    private static readonly DiagnosticDescriptor s_rule = Rule(
        "SN3011",
        "Strong regularizers on top of each other",
        "A dropout of {0} and a weight decay of {1} are both strong: together they may keep the model from fitting the data at all. Start with one of them, "
            + "and watch the training loss.",
        DiagnosticSeverity.Info,
        "Each regularizer takes capacity away. A training loss that stays high under several strong ones is underfitting.",
        WellKnownDiagnosticTags.CompilationEnd);

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        var declared = model.Graph.Groups
            .Select(group => group.Regularizers[RegularizationKind.WeightDecay]?.Strength)
            .FirstOrDefault(decay => decay?.Value.Value >= StrongDecay);
        if (model.Graph.Declaration is not null && declared is null)
        {
            yield break;
        }

        foreach (var (node, dropout) in model.Layers<DropoutLayer>())
        {
            if (dropout.Rate.Value >= 0.5 && dropout.Rate.Value < 1)
            {
                yield return declared is not null
                    ? new(s_rule, node, dropout.Origin, dropout.Rate.Text, declared.Text)
                    : new(s_rule, node, dropout.Origin, dropout.Rate.Text) { Condition = Condition.DecaysStrongly };
            }
        }
    }
}
