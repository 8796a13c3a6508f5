using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4002: a pipeline that normalizes twice, or changes the colors of normalized images.</summary>
public sealed class TransformOrder() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4002",
        "Transforms are in an order that cannot work",
        "{0} gets images that are normalized already: {1}. {2}.",
        RuleCategory.Data,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Normalize belongs at the end of a pipeline, once: what comes before it sees colors of 0 to 1.",
        RuleDocumentation.Link("SN4002"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method is { Name: "Compose", Parameters.Length: 1 } && torch.IsTransformFactory(method), (operation, call) =>
        {
            if (call.Arguments.Length == 1)
            {
                Look(operation, Pipeline.Elements(call.Arguments[0].Value), torch);
            }
        });
    }

    private static void Look(OperationAnalysisContext context, IEnumerable<IOperation> elements, TorchSymbols torch)
    {
        // The element that normalizes. A pipeline among the elements is looked at where it is made.
        IOperation? normalized = null;
        foreach (var element in elements)
        {
            foreach (var step in torch.Steps(element))
            {
                if (step is not IInvocationOperation call || !torch.IsTransformFactory(call) || !torch.IsReadable(call))
                {
                    normalized = null;
                }
                else if (call.TargetMethod.Name == "Normalize")
                {
                    if (!Centers(call))
                    {
                        normalized = null;
                        continue;
                    }

                    Report(context, normalized, element, "Normalize", "they are normalized twice", "Remove one of the two");
                    normalized = element;
                }
                else if (torch.ChangesColors(call))
                {
                    Report(context, normalized, element, call.TargetMethod.Name, "it expects colors of 0..1 or bytes", "Put it before Normalize");
                }
            }
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation? normalized, IOperation element, string name, string damage, string remedy)
    {
        if (normalized is not null && normalized != element)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, element.Syntax.GetLocation(), [normalized.Syntax.GetLocation()], name, damage, remedy));
        }
    }

    /// <summary>Whether this takes a mean off that images have. A negative mean undoes a normalization, one of zero only scales.</summary>
    private static bool Centers(IInvocationOperation normalize) =>
        normalize.ExplicitArgument("means") is { } means
            && Pipeline.Elements(means.Value).Select(mean => mean.ConstantNumber()).ToList() is var known
            && known.All(mean => mean >= 0)
            && known.Any(mean => mean > 0);
}
