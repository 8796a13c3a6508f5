using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2003: a group of parameters whose constructor overrides the optimizer with defaults that nobody wrote.</summary>
public sealed class ParameterGroup() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2003",
        "A parameter group overrides the optimizer with defaults",
        "This group gets {0}, not the {1} of the optimizer: its constructor fills in what it leaves out. State {2}, or write `new {3}.ParamGroup {{ "
            + "Parameters = ..., Options = new() {{ ... }} }}`.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The optional parameters of a ParamGroup's constructor have values of their own, which win over those of the optimizer. Its object initializer "
            + "leaves them open.",
        RuleDocumentation.Link("SN2003"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Creation(
            type => type is { Name: "ParamGroup", ContainingType: { } optimizer } && torch.IsOptimizer(optimizer),
            (operation, group) => Look(operation, group, torch));
    }

    private static void Look(OperationAnalysisContext context, IObjectCreationOperation group, TorchSymbols torch)
    {
        if (group.Arguments.Length < 3)
        {
            return;
        }

        var optimizer = group.Type!.ContainingType.Name;
        var made = group.Body().Calls().Where(call => torch.IsOptimizerFactory(call) && call.TargetMethod.Name == optimizer).ToList();
        if (made.Count == 1 && Overridden(group, made[0]) is var (ours, theirs))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                group.Syntax.GetLocation(),
                $"{ours.Name} = {Convert.ToString(ours.ExplicitDefaultValue, CultureInfo.InvariantCulture)}",
                theirs.Value.Syntax.ToString(),
                ours.Name,
                optimizer));
        }
    }

    /// <summary>A setting that the group leaves out and the optimizer states otherwise.</summary>
    private static (IParameterSymbol Ours, IArgumentOperation Theirs)? Overridden(IObjectCreationOperation group, IInvocationOperation optimizer)
    {
        foreach (
            var omitted in group.Arguments.Where(
                argument => argument.ArgumentKind == ArgumentKind.DefaultValue && argument.Parameter is { Name: "lr" or "learningRate" or "weight_decay" }))
        {
            var name = omitted.Parameter!.Name;
            if ((optimizer.ExplicitArgument(name) ?? optimizer.ExplicitArgument(name == "lr" ? "learningRate" : "lr")) is { } stated
                && (name == "weight_decay") == (stated.Parameter!.Name == "weight_decay")
                && stated.Value.ConstantNumber() != Convert.ToDouble(omitted.Parameter.ExplicitDefaultValue, CultureInfo.InvariantCulture))
            {
                return (omitted.Parameter, stated);
            }
        }

        return null;
    }
}
