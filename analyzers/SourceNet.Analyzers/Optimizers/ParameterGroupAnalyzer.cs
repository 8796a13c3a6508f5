using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2003: a group of parameters whose constructor overrides the optimizer with defaults that nobody wrote.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ParameterGroupAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2003",
        "A parameter group overrides the optimizer with defaults",
        "This group gets {0}, not the {1} of the optimizer: its constructor fills in what it leaves out. State {2}, or write `new {3}.ParamGroup {{ Parameters = ..., Options = new() {{ ... }} }}`.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The optional parameters of a ParamGroup's constructor have values of their own, which win over those of the optimizer. Its object initializer leaves them open.",
        RuleDocumentation.Link("SN2003"));

    public ParameterGroupAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var group = (IObjectCreationOperation)operation.Operation;
                if (group.Type is not { Name: "ParamGroup", ContainingType: { } optimizer } || group.Arguments.Length < 3 || !torch.IsOptimizer(optimizer))
                {
                    return;
                }

                var made = group.Body().InOrder().OfType<IInvocationOperation>().Where(call => torch.IsOptimizerFactory(call) && call.TargetMethod.Name == optimizer.Name).ToList();
                if (made.Count == 1 && Overridden(group, made[0]) is var (ours, theirs))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(
                        s_rule,
                        group.Syntax.GetLocation(),
                        $"{ours.Name} = {System.Convert.ToString(ours.ExplicitDefaultValue, System.Globalization.CultureInfo.InvariantCulture)}",
                        theirs.Value.Syntax.ToString(),
                        ours.Name,
                        optimizer.Name));
                }
            },
            OperationKind.ObjectCreation);

    /// <summary>A setting that the group leaves out and the optimizer states otherwise.</summary>
    private static (IParameterSymbol Ours, IArgumentOperation Theirs)? Overridden(IObjectCreationOperation group, IInvocationOperation optimizer)
    {
        foreach (var omitted in group.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Parameter is { Name: "lr" or "learningRate" or "weight_decay" }))
        {
            var name = omitted.Parameter!.Name;
            if ((optimizer.Stated(name) ?? optimizer.Stated(name == "lr" ? "learningRate" : "lr")) is { } stated
                && (name == "weight_decay") == (stated.Parameter!.Name == "weight_decay")
                && stated.Value.Known() != System.Convert.ToDouble(omitted.Parameter.ExplicitDefaultValue, System.Globalization.CultureInfo.InvariantCulture))
            {
                return (omitted.Parameter, stated);
            }
        }

        return null;
    }
}
