using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Declared;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3012: a layer that a module registers and nothing applies.</summary>
public sealed class UnusedLayer() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN3012",
        "A layer is never used",
        "'{0}' is part of the model, and nothing applies it: {1}. Apply it in forward, or remove it.",
        RuleCategory.Architecture,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A dropout that forward forgets regularizes nothing; unused weights are saved, decayed and counted.",
        RuleDocumentation.Link("SN3012"));

    private static readonly HashSet<string> s_allParts = ["children", "named_children", "modules", "named_modules"];

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.TypeStart(start =>
        {
            var type = (INamedTypeSymbol)start.Symbol;
            if (!torch.IsModule(type) || type.GetMembers("forward").IsEmpty)
            {
                return;
            }

            var parts = Parts(type, torch);
            if (parts.Count == 0)
            {
                return;
            }

            var used = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            var made = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            var usesAll = false;
            start.RegisterOperationAction(
                operation =>
                {
                    var field = ((IFieldReferenceOperation)operation.Operation).Field.OriginalDefinition;
                    (IsOnlyWritten(operation.Operation) ? made : used)[field] = true;
                },
                OperationKind.FieldReference);
            start.RegisterOperationAction(
                operation =>
                {
                    var method = ((IInvocationOperation)operation.Operation).TargetMethod;
                    if (s_allParts.Contains(method.Name))
                    {
                        usesAll = true;
                    }

                    used[method.OriginalDefinition] = true;
                },
                OperationKind.Invocation);
            start.RegisterOperationAction(
                operation => used[((IMethodReferenceOperation)operation.Operation).Method.OriginalDefinition] = true,
                OperationKind.MethodReference);
            start.RegisterSymbolEndAction(end =>
            {
                foreach (
                    var part in parts.Where(
                        part => !usesAll && !used.ContainsKey(part) && (made.ContainsKey(part) || IsMadeAtOnce(part, end.CancellationToken))))
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_rule, part.Locations[0], part.Name, Harm(part, torch)));
                }
            });
        });
    }

    /// <summary>Private fields with layers, which nobody else can apply, and the blocks of a declared model whose forward is written by hand.</summary>
    private static List<ISymbol> Parts(INamedTypeSymbol type, TorchSymbols torch) => type.GetMembers()
        .Where(member => member is IFieldSymbol { DeclaredAccessibility: Accessibility.Private, IsImplicitlyDeclared: false, IsStatic: false } field
            && torch.IsModule(field.Type)
            && !TorchSymbols.IsLoss(field.Type)
            && !member.Locations.Any(location => location.SourceTree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true))
        .Concat(ModelReader.IsModel(type) && ModelReader.WritesForward(type) ? ModelReader.Blocks(type) : [])
        .ToList();

    /// <summary>A block, or a field with an initializer.</summary>
    private static bool IsMadeAtOnce(ISymbol part, CancellationToken cancellation) =>
        part is IMethodSymbol
            || part.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is VariableDeclaratorSyntax { Initializer: not null });

    /// <summary>Whether this gives the field its value, or registers it.</summary>
    private static bool IsOnlyWritten(IOperation reference)
    {
        for (var (inner, outer) = (reference, reference.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            switch (outer)
            {
                case IConversionOperation:
                    continue;
                case ISimpleAssignmentOperation assignment when assignment.Target == inner:
                    // register_module("a", this.a = ...) or b = a = ... is more than a write.
                    return assignment.Parent is IExpressionStatementOperation;
                case IArgumentOperation { Parent: IInvocationOperation { TargetMethod.Name: "register_module" or "add_module" } }:
                    return true;
                default:
                    return false;
            }
        }

        return false;
    }

    private static string Harm(ISymbol part, TorchSymbols torch) =>
        part is IFieldSymbol { Type.Name: var name }
            && name.Contains("Dropout") ? "it regularizes nothing" : "its weights, if it has any, are saved and never trained";
}
