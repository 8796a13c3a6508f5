using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5009: a custom autograd function that keeps what one call computed in a field, which all calls share.</summary>
public sealed class FunctionState() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5009",
        "A custom autograd function keeps state in a field",
        "TorchSharp makes one '{0}' for all calls, so a second forward overwrites '{1}' before the first backward reads it. Use ctx.save_for_backward or "
            + "ctx.save_data.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A Function is a singleton. What forward computes for backward belongs into the context, which each call has for itself.",
        RuleDocumentation.Link("SN5009"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.TypeStart(start =>
        {
            if (!IsFunction(torch, (INamedTypeSymbol)start.Symbol))
            {
                return;
            }

            var kept = new ConcurrentBag<IMemberReferenceOperation>();
            var read = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            start.RegisterOperationAction(
                operation =>
                {
                    var reference = (IMemberReferenceOperation)operation.Operation;
                    if (reference.Instance is not IInstanceReferenceOperation
                        || operation.ContainingSymbol is not IMethodSymbol { IsOverride: true, Name: var method })
                    {
                        return;
                    }

                    if (method == "forward"
                        && reference.Parent is ISimpleAssignmentOperation { Value.ConstantValue.HasValue: false } assignment
                        && assignment.Target == reference)
                    {
                        kept.Add(reference);
                    }
                    else if (method == "backward")
                    {
                        read.TryAdd(reference.Member, true);
                    }
                },
                OperationKind.FieldReference,
                OperationKind.PropertyReference);
            start.RegisterSymbolEndAction(end =>
            {
                foreach (var reference in kept.Where(reference => read.ContainsKey(reference.Member)))
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_rule, reference.Syntax.GetLocation(), end.Symbol.Name, reference.Member.Name));
                }
            });
        });
    }

    private static bool IsFunction(TorchSymbols torch, INamedTypeSymbol type)
    {
        for (var above = type.BaseType; above is not null; above = above.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(above.OriginalDefinition, torch.Function))
            {
                return true;
            }
        }

        return false;
    }
}
