using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3002: a dropout rate that drops everything, throws, or looks like the share to keep.</summary>
internal sealed class DropoutRate() : ArchitectureRule(s_impossible, s_high)
{
    private const string Description = "TorchSharp's p is the share that is dropped. Old code of other frameworks says the share that is kept.";

    private static readonly DiagnosticDescriptor s_impossible = Rule(
        "SN3002",
        "A dropout rate drops everything or cannot be",
        "A dropout rate of {0} {1}. It is the share that is dropped: at least 0 and below 1.",
        DiagnosticSeverity.Warning,
        Description);

    private static readonly DiagnosticDescriptor s_high = Rule(
        "SN3002",
        "A dropout rate drops everything or cannot be",
        "A dropout rate of {0} drops more than it keeps{1} Rates of 0.1 to 0.5 are usual.",
        DiagnosticSeverity.Info,
        Description);

    public override IEnumerable<Finding> Find(ModelGraph model)
    {
        foreach (var (node, dropout) in model.Layers<DropoutLayer>())
        {
            if (dropout.Rate.Value is not { } rate)
            {
                continue;
            }

            // Of declarations that cannot be, SN6011 speaks.
            if (rate is < 0 or >= 1 or double.NaN)
            {
                if (dropout.Origin.Kind == OriginKind.Code)
                {
                    yield return new(
                        s_impossible,
                        node,
                        dropout.Origin,
                        dropout.Rate.Text,
                        rate == 1 ? "drops everything: nothing comes through in train mode" : "throws at run time");
                }
            }
            else if (rate > 0.5)
            {
                yield return new(
                    s_high,
                    node,
                    dropout.Origin,
                    dropout.Rate.Text,
                    rate >= 0.8 ? $": is {dropout.Rate.Complement().Text} meant, the share that is not kept?" : ".");
            }
        }
    }
}
