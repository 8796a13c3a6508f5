using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5014: a weight that a module holds as <c>Tensor</c>, which no optimizer sees.</summary>
public sealed class TensorAsWeight() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5014",
        "A weight is a Tensor and not a Parameter",
        "'{0}' asks for a gradient but is a Tensor: it is registered as a buffer, parameters() leaves it out and no optimizer trains it. Make it a Parameter.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "TorchSharp registers a field of type Parameter as a parameter and any other tensor as a buffer.",
        RuleDocumentation.Link("SN5014"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(
            operation =>
            {
                var initializer = (IFieldInitializerOperation)operation.Operation;
                Check(operation, torch, initializer.InitializedFields.FirstOrDefault(), initializer.Value);
            },
            OperationKind.FieldInitializer);
        on.Operation(
            operation =>
            {
                var assignment = (ISimpleAssignmentOperation)operation.Operation;
                if (operation.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor })
                {
                    Check(operation, torch, assignment.Target.Variable() as IFieldSymbol, assignment.Value);
                }
            },
            OperationKind.SimpleAssignment);
    }

    private static void Check(OperationAnalysisContext context, TorchSymbols torch, IFieldSymbol? field, IOperation value)
    {
        if (field is not null
            && SymbolEqualityComparer.Default.Equals(field.Type, torch.Tensor)
            && torch.IsModule(field.ContainingType)
            && value.WalkDownConversions() is IInvocationOperation made
            && AsksForGradient(torch, made))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, made.Syntax.GetLocation(), field.Name));
        }
    }

    private static bool AsksForGradient(TorchSymbols torch, IInvocationOperation made) =>
        torch.IsTensor(made.Type)
        && (made.ExplicitArgument("requires_grad") is { Value.ConstantValue: { HasValue: true, Value: true } }
            || (made.TargetMethod.Name is "requires_grad_" or "with_requires_grad"
                && !made.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: false })));
}
