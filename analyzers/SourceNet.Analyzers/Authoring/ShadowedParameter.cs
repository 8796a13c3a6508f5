using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5004: a public property with the name of a registered parameter, which <c>to()</c> sets instead of the parameter.</summary>
public sealed class ShadowedParameter() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5004",
        "A property has the name of a registered parameter",
        "to() sets the property '{0}' by reflection because '{0}' is registered: {1}. Register it under another name, or call "
            + "ConditionallyRegisterParameter in a setter.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "When to() replaces a parameter or buffer it looks for a public property of the registered name and sets that one, without registering the new tensor.",
        RuleDocumentation.Link("SN5004"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(["register_parameter", "register_buffer"], (operation, call) =>
        {
            if (call.TargetMethod.Name is "register_parameter" or "register_buffer"
                && torch.IsModule(call.TargetMethod.ContainingType)
                && call.Instance is null or IInstanceReferenceOperation
                && call.ExplicitArgument("name") is { Value.ConstantValue: { HasValue: true, Value: string name } } stated
                && torch.ReadableBases(operation.ContainingSymbol.ContainingType)
                    .SelectMany(type => type.GetMembers(name))
                    .FirstOrDefault() is IPropertySymbol { DeclaredAccessibility: Accessibility.Public, IsStatic: false } property
                && Damage(property) is { } damage)
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, stated.Syntax.GetLocation(), name, damage));
            }
        });
    }

    /// <summary>What happens. A setter with a body may register the new tensor.</summary>
    private static string? Damage(IPropertySymbol property)
    {
        if (property.SetMethod is null)
        {
            return "it has no setter, so to() throws";
        }

        return property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
            ? "its setter registers nothing, so the module keeps the old tensor"
            : null;
    }
}
