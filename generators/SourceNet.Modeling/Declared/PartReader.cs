using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Modeling.Declared;

/// <summary>Finds the hand-written parts of a model: fields and auto-properties that hold modules or parameters.</summary>
internal static class PartReader
{
    public static EquatableArray<HandWrittenPart> Read(INamedTypeSymbol type, Scope scope)
    {
        var problems = scope.Problems;
        var parts = new List<HandWrittenPart>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic))
        {
            // The field behind an auto-property stands for the property.
            ISymbol member = field.AssociatedSymbol is IPropertySymbol property ? property : field;
            if (Symbols.IsGenerated(member) || (field.IsImplicitlyDeclared && member is IFieldSymbol))
            {
                continue;
            }

            var kind = Kind(field.Type, out var shape, out var refusal);
            if (refusal is not null)
            {
                problems.Add(
                    Problems.PartCannotBeRegistered(member.Name, refusal, new Origin(OriginKind.Member, ModelReader.Members(type).ToList().IndexOf(member))));
            }

            if (kind is not { } known)
            {
                continue;
            }

            var origin = new Origin(OriginKind.Part, parts.Count);
            var isNullable = IsNullable(field.Type, known);
            // A tensor that may be null is mostly a value that is kept between calls.
            if (Containment.AlwaysMade(member) is { } made && Containment.Problem(made, type, origin) is { } endless)
            {
                problems.Add(endless);
            }

            if (IsSurelyNull(member) && !(isNullable && known == PartKind.Buffer))
            {
                problems.Add(Problems.PartIsNull(member.Name, isNullable, origin));
            }

            var write = member is IPropertySymbol { SetMethod: not { IsInitOnly: false } } ? PartWrite.Never
                : member is IFieldSymbol { IsReadOnly: true } ? PartWrite.Field
                : PartWrite.Assign;
            parts.Add(new HandWrittenPart(Scope.Escape(member.Name), StateName(member, origin, problems), known, write, isNullable, origin)
            {
                Shape = shape,
                Treatments = Treatments(member, known, origin, scope)
            });
        }

        return parts.ToEquatableArray();
    }

    private static WeightRegularizers Treatments(ISymbol member, PartKind kind, Origin origin, Scope scope)
    {
        var attributes = Symbols.Attributes(member);
        var treatments = new List<DeclaredRegularizer>();
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, origin with { Attribute = i });
            if (attribute.IsBound && RegularizerReader.OnPart(attribute) is { } treatment && treatments.All(other => other.Kind != treatment.Kind))
            {
                treatments.Add(treatment);
                if (kind == PartKind.Buffer)
                {
                    scope.Problems.Add(Problems.Misplaced($"[{attribute.Name}]", "a buffer is not trained", attribute.Origin));
                }
            }
        }

        return WeightRegularizers.Of(treatments);
    }

    public static bool IsPart(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsStatic && Kind(field.Type, out _, out _) is not null,
        IPropertySymbol property => !property.IsStatic && Kind(property.Type, out _, out _) is not null
            && property.ContainingType
                .GetMembers()
                .OfType<IFieldSymbol>()
                .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
        _ => false,
    };

    /// <summary>The member behind a part's <see cref="Origin"/>.</summary>
    public static ISymbol? Find(INamedTypeSymbol type, string member) => type.GetMembers(member.TrimStart('@')).FirstOrDefault();

    public static bool IsStateName(string name, bool mayBeEmpty) => name.Length == 0 ? mayBeEmpty
        : name.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'));

    /// <summary>
    /// Whether nothing can have set the member when the base constructor registers it: it is a plain field or auto-property without an initializer.
    /// </summary>
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
        var value = initializer?.Value is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } assured
            ? assured.Operand
            : initializer?.Value;
        return value is null || value.IsKind(SyntaxKind.NullLiteralExpression) || value.IsKind(SyntaxKind.DefaultLiteralExpression);
    }

    /// <summary>
    /// Whether the type says that the part may be null. Of a tensor it says so unless it says the opposite: TorchSharp leaves out buffers that are null.
    /// </summary>
    private static bool IsNullable(ITypeSymbol type, PartKind kind) =>
        type.NullableAnnotation == NullableAnnotation.Annotated || (kind == PartKind.Buffer && type.NullableAnnotation == NullableAnnotation.None);

    /// <summary>What a field of the type is to the model; null if it is no part of it, or cannot be one.</summary>
    private static PartKind? Kind(ITypeSymbol type, out PartShape? shape, out string? refusal)
    {
        (shape, refusal) = (null, null);
        if (Symbols.IsParameter(type))
        {
            return PartKind.Parameter;
        }

        if (Symbols.IsTensor(type))
        {
            return PartKind.Buffer;
        }

        shape = PartShapeReader.Read(type, out refusal);
        return shape switch
        {
            null => null,
            PartShape.Module { IsNullable: false, IsKnownClass: true } => PartKind.Module,
            PartShape.Numbered { IsNullable: false, IsValue: false, Item: PartShape.Module { IsNullable: false, IsKnownClass: true } } => PartKind.Modules,
            _ => PartKind.Nested,
        };
    }

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
