using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Finds the hand-written parts of a model: fields and auto-properties that hold modules or parameters.</summary>
internal static class PartReader
{
    public static EquatableArray<HandWrittenPart> Read(INamedTypeSymbol type, List<Problem> problems)
    {
        var parts = new List<HandWrittenPart>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic))
        {
            // The field behind an auto-property stands for the property.
            ISymbol member = field.AssociatedSymbol is IPropertySymbol property ? property : field;
            if (Symbols.IsGenerated(member) || (field.IsImplicitlyDeclared && member is IFieldSymbol) || Kind(field.Type) is not { } kind)
            {
                continue;
            }

            var origin = new Origin(OriginKind.Part, parts.Count);
            if (IsSurelyNull(member))
            {
                problems.Add(Problems.PartIsNull(member.Name, origin));
            }

            var write = member is IPropertySymbol { SetMethod: not { IsInitOnly: false } } ? PartWrite.Never
                : member is IFieldSymbol { IsReadOnly: true } ? PartWrite.Field
                : PartWrite.Assign;
            parts.Add(new HandWrittenPart(Scope.Escape(member.Name), StateName(member, origin, problems), kind, write, IsNullable(field.Type), origin));
        }

        return parts.ToEquatableArray();
    }

    public static bool IsPart(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsStatic && Kind(field.Type) is not null,
        IPropertySymbol property => !property.IsStatic && Kind(property.Type) is not null
            && property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
        _ => false,
    };

    /// <summary>The member behind a part's <see cref="Origin"/>.</summary>
    public static ISymbol? Find(INamedTypeSymbol type, string member) => type.GetMembers(member.TrimStart('@')).FirstOrDefault();

    public static bool IsStateName(string name, bool mayBeEmpty) => name.Length == 0 ? mayBeEmpty
        : name.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'));

    /// <summary>Whether nothing can have set the member when the base constructor registers it: it is a plain field or auto-property without an initializer.</summary>
    private static bool IsSurelyNull(ISymbol member) => member.DeclaringSyntaxReferences.Length == 1 && member.DeclaringSyntaxReferences[0].GetSyntax() switch
    {
        VariableDeclaratorSyntax field => IsNull(field.Initializer),
        PropertyDeclarationSyntax { ExpressionBody: null, AccessorList: { } accessors } property =>
            IsNull(property.Initializer)
            && accessors.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null })
            && !member.IsVirtual && !member.IsOverride && !member.IsAbstract
            && !property.Modifiers.Any(SyntaxKind.PartialKeyword),
        _ => false,
    };

    private static bool IsNull(EqualsValueClauseSyntax? initializer)
    {
        var value = initializer?.Value is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } assured ? assured.Operand : initializer?.Value;
        return value is null || value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression);
    }

    private static bool IsNullable(ITypeSymbol type) => type.NullableAnnotation == NullableAnnotation.Annotated || type switch
    {
        IArrayTypeSymbol array => array.ElementNullableAnnotation == NullableAnnotation.Annotated,
        INamedTypeSymbol named => named.TypeArgumentNullableAnnotations.Contains(NullableAnnotation.Annotated),
        _ => false,
    };

    private static PartKind? Kind(ITypeSymbol type) =>
        Symbols.IsParameter(type) ? PartKind.Parameter
        : Symbols.IsModule(type) ? PartKind.Module
        : Symbols.IsModules(type) ? PartKind.Modules
        : null;

    private static string StateName(ISymbol member, Origin origin, List<Problem> problems)
    {
        var attributes = Symbols.Attributes(member).ToList();
        var index = attributes.FindIndex(attribute => attribute.AttributeClass!.Name == "NameAttribute");
        if (index < 0 || attributes[index].ConstructorArguments.FirstOrDefault().Value is not string name)
        {
            return Symbols.SnakeCase(member.Name);
        }

        if (!IsStateName(name, mayBeEmpty: false))
        {
            problems.Add(Problems.BadStateName(name, origin with { Attribute = index }));
            return Symbols.SnakeCase(member.Name);
        }

        return name;
    }
}
