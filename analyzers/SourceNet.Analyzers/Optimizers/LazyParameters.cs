using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2014: an optimizer that walks the model again at each step.</summary>
public sealed class LazyParameters() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2014",
        "The parameters are walked at each step",
        "The optimizer keeps this sequence and walks the whole model at each step. Give it {0}.ToArray().",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        "TorchSharp's optimizers keep the sequence that they get. parameters() is a lazy one.",
        RuleDocumentation.Link("SN2014"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(torch.IsOptimizerFactory, (operation, call) =>
        {
            // A model that moves later gets new parameters, which the lazy sequence at least sees.
            if (torch.IsOptimizerFactory(call)
                && torch.ParametersOf(call) is { } parameters
                && !call.Body().Calls().SkipWhile(one => one != call).Any(later => later.TargetMethod.Name is "to" or "cuda" or "cpu" or "double" or "half"))
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, parameters.Syntax.GetLocation(), parameters.Syntax.ToString()));
            }
        });
    }
}
