using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5001: a module that holds layers, registers none of them, and has no parent that would.</summary>
public sealed class UnregisteredModule() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5001",
        "A model registers none of its layers",
        "'{0}' holds '{1}' and does not register it: parameters() and state_dict() leave it out and eval() does not reach it. Call RegisterComponents() at "
            + "the end of the constructor.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "TorchSharp finds the parts of a module only after RegisterComponents() or register_module. A parent that registers a child makes it register its "
            + "own; a root and an item of a Sequential have none.",
        RuleDocumentation.Link("SN5001"),
        WellKnownDiagnosticTags.CompilationEnd);

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        var uses = new ModuleUses(torch);
        var items = new SequentialItems(torch);
        var modules = new ConcurrentBag<INamedTypeSymbol>();
        uses.Register(on);
        items.Register(on);
        on.Symbol(
            symbol =>
            {
                var type = (INamedTypeSymbol)symbol.Symbol;
                if (!type.IsAbstract && torch.ReadableBases(type).Count > 0)
                {
                    modules.Add(type);
                }
            },
            SymbolKind.NamedType);
        on.End(end =>
        {
            foreach (var type in modules)
            {
                var bases = torch.ReadableBases(type);
                if (!bases.Any(uses.Registers)
                    && bases.Select(uses.Part).FirstOrDefault(part => part is not null) is { } part
                    && Severity(type, uses, items) is { } severity)
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_rule, type.Locations[0], severity, null, null, type.Name, part));
                }
            }
        });
    }

    /// <summary>A warning where the compilation shows that no parent registers it; a hint where it shows nothing at all.</summary>
    private static DiagnosticSeverity? Severity(INamedTypeSymbol type, ModuleUses uses, SequentialItems items)
    {
        if (items.Contains(type))
        {
            return DiagnosticSeverity.Warning;
        }

        if (uses.MayHaveParent(type))
        {
            return null;
        }

        if (uses.IsMade(type))
        {
            return uses.IsRoot(type) ? DiagnosticSeverity.Warning : null;
        }

        return type.DeclaredAccessibility == Accessibility.Public && type.ContainingType is null ? DiagnosticSeverity.Info : null;
    }
}
