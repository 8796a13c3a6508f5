using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5005: a <c>forward</c> that returns its own argument or a field, which <c>Sequential</c> then disposes.</summary>
public sealed class ReturnsInput() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5005",
        "A forward returns a tensor that it does not own",
        "forward returns '{0}' itself. Sequential disposes what a layer gives and what it got, so both are gone. Return '{0}.alias()', which shares the "
            + "values.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Sequential disposes each intermediate result once the next layer has used it. A forward that returns its argument or a field hands over a tensor "
            + "that somebody else still uses.",
        RuleDocumentation.Link("SN5005"),
        WellKnownDiagnosticTags.CompilationEnd);

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        var items = new SequentialItems(torch);
        var returns = new ConcurrentBag<(INamedTypeSymbol Type, Location Place, string Name)>();
        items.Register(on);
        on.Operation(
            operation =>
            {
                if (operation.ContainingSymbol is IMethodSymbol { Name: "forward", IsOverride: true, Parameters: [{ Type: var input }] } forward
                    && torch.IsTensor(input)
                    && torch.IsTensor(forward.ReturnType)
                    && forward.ContainingType is var type
                    && torch.IsModule(type)
                    && ((IReturnOperation)operation.Operation).ReturnedValue is { } returned
                    && IsOwnReturn(operation.Operation))
                {
                    foreach (var borrowed in Outcomes(returned).Where(outcome => IsBorrowed(torch, outcome)))
                    {
                        returns.Add((type.OriginalDefinition, borrowed.Syntax.GetLocation(), borrowed.Variable()!.Name));
                    }
                }
            },
            OperationKind.Return);
        on.End(end =>
        {
            foreach (var (type, place, name) in returns)
            {
                // Outside of a Sequential only the caller's own disposing can do harm.
                var severity = items.Contains(type) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info;
                end.ReportDiagnostic(Diagnostic.Create(s_rule, place, severity, null, null, name));
            }
        });
    }

    private static bool IsBorrowed(TorchSymbols torch, IOperation outcome) => outcome.Variable() switch
    {
        IParameterSymbol parameter => !IsReplacedBefore(outcome, parameter),
        IFieldSymbol field => torch.IsTensor(field.Type),
        _ => false,
    };

    /// <summary>Whether the method may have put another tensor into its parameter before it returns it.</summary>
    private static bool IsReplacedBefore(IOperation outcome, IParameterSymbol parameter) => outcome.Body().DescendantsAndSelf().Any(operation =>
        operation switch
        {
            IAssignmentOperation assignment => SymbolEqualityComparer.Default.Equals(assignment.Target.Variable(), parameter),
            IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument =>
                SymbolEqualityComparer.Default.Equals(argument.Value.Variable(), parameter),
            _ => false,
        }
        && (operation.Syntax.SpanStart < outcome.Syntax.SpanStart || IsInOneLoop(operation, outcome)));

    private static bool IsInOneLoop(IOperation assignment, IOperation outcome)
    {
        for (var parent = outcome.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILoopOperation && parent.Syntax.Span.Contains(assignment.Syntax.Span))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether this returns from the method and not from a lambda or local function in it.</summary>
    private static bool IsOwnReturn(IOperation operation) => operation.Body() is not (IAnonymousFunctionOperation or ILocalFunctionOperation);

    /// <summary>What an expression may give: both sides of a condition.</summary>
    private static IEnumerable<IOperation> Outcomes(IOperation value) => value.WalkDownConversions() switch
    {
        IConditionalOperation { WhenFalse: { } otherwise } choice => Outcomes(choice.WhenTrue).Concat(Outcomes(otherwise)),
        ISwitchExpressionOperation choice => choice.Arms.SelectMany(arm => Outcomes(arm.Value)),
        var single => [single],
    };
}
