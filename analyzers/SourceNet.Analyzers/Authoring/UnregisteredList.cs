using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5003: layers or parameters that a module keeps in an array, list or dictionary, where TorchSharp does not look.</summary>
public sealed class UnregisteredList() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5003",
        "Layers in a collection are not registered",
        "TorchSharp does not look into '{0}': what it holds is not trained, moved, saved or put into eval mode. {1}.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "RegisterComponents() registers fields that hold a module, parameter or tensor. It looks into no array, list or dictionary.",
        RuleDocumentation.Link("SN5003"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.TypeStart(start =>
        {
            var type = (INamedTypeSymbol)start.Symbol;
            if (torch.ReadableBases(type).Count > 0 && Collections(torch, type) is { Count: > 0 } collections)
            {
                var contents = new CollectionUses(torch, type);
                contents.Register(start);
                start.RegisterSymbolEndAction(end =>
                {
                    foreach (var collection in collections.Where(contents.IsUnregistered))
                    {
                        end.ReportDiagnostic(Diagnostic.Create(s_rule, collection.Locations[0], collection.Name, Instead(torch, collection)));
                    }
                });
            }
        });
    }

    private static List<ISymbol> Collections(TorchSymbols torch, INamedTypeSymbol type) => type.GetMembers()
        .OfType<IFieldSymbol>()
        .Where(field => !field.IsStatic && Elements(field.Type).Any(torch.IsPart))
        .Select(field => field.AssociatedSymbol ?? field)
        .ToList();

    private static string Instead(TorchSymbols torch, ISymbol collection)
    {
        var elements = Elements(collection is IFieldSymbol field ? field.Type : ((IPropertySymbol)collection).Type);
        if (elements.Any(torch.IsParameter))
        {
            return "Make it a ParameterList, or call register_parameter for each";
        }

        return elements.Length > 1 ? "Make it a ModuleDict" : "Make it a ModuleList";
    }

    /// <summary>What a collection of the framework holds.</summary>
    private static ImmutableArray<ITypeSymbol> Elements(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => ImmutableArray.Create(array.ElementType),
        INamedTypeSymbol { TypeArguments: { Length: 1 or 2 } elements } named when IsSystemCollection(named) => elements,
        _ => ImmutableArray<ITypeSymbol>.Empty,
    };

    private static bool IsSystemCollection(INamedTypeSymbol type) => type.ContainingNamespace is
    {
        Name: "Generic" or "Immutable" or "Concurrent" or "ObjectModel",
        ContainingNamespace: { Name: "Collections", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
    };
}
