using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2007: an optimizer that is made before its model is moved, which replaces the parameters that it holds.</summary>
public sealed class OptimizerBeforeMove() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2007",
        "An optimizer is made before its model is moved",
        "{0} replaces the parameters that the optimizer was made with: its step() throws a KeyNotFoundException. Make the optimizer after it.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "In TorchSharp a module that moves to another device or type gets new Parameter objects. An optimizer keeps its state by the old ones.",
        RuleDocumentation.Link("SN2007"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(torch.IsOptimizerFactory, (operation, made) =>
        {
            if (!torch.IsOptimizerFactory(made)
                || torch.ParametersOf(made)?.Instance.Variable() is not { } model
                || made.AssignedVariable() is not { } optimizer)
            {
                return;
            }

            var later = made.Body().InOrder().SkipWhile(one => one != made).ToList();
            var move = later.OfType<IInvocationOperation>()
                .FirstOrDefault(call => Moves(call, torch) && SymbolEqualityComparer.Default.Equals(Receiver(call).Variable(), model));
            // Between the two, or from then on, the model may be another one.
            if (move is not null
                && !later.OfType<IAssignmentOperation>().Any(assignment => Is(assignment.Target, model) || Is(assignment.Target, optimizer))
                && later.SkipWhile(one => one != move).OfType<IInvocationOperation>().Any(call => torch.IsOptimizerStep(call) && Is(call.Instance, optimizer)))
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, made.Syntax.GetLocation(), [move.Syntax.GetLocation()], $"`{move.Syntax}`"));
            }
        });
    }

    private static bool Is(IOperation? operation, ISymbol variable) => SymbolEqualityComparer.Default.Equals(operation.Variable(), variable);

    private static IOperation? Receiver(IInvocationOperation call) =>
        call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;

    /// <summary>Whether a call moves a module to another device or type. The device of the CPU, written out, is where a new module is.</summary>
    private static bool Moves(IInvocationOperation call, TorchSymbols torch) =>
        call.TargetMethod.Name is "to" or "cuda" or "mps" or "double" or "half" or "bfloat16"
        && torch.IsModule(Receiver(call)?.Type)
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingAssembly, torch.Torch.ContainingAssembly)
        && !call.Arguments.Any(
            argument =>
                argument.Value.WalkDownConversions() is IFieldReferenceOperation { Field.Name: "CPU" } or IPropertyReferenceOperation { Property.Name: "CPU" });
}
