using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Reads how the other part of a partial type has to be written.</summary>
internal static class TypeReader
{
    private static readonly SymbolDisplayFormat s_implementation = new(
        SymbolDisplayGlobalNamespaceStyle.Included,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef,
        SymbolDisplayDelegateStyle.NameAndSignature,
        SymbolDisplayExtensionMethodStyle.StaticMethod,
        SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeParamsRefOut
            | SymbolDisplayParameterOptions.IncludeExtensionThis,
        SymbolDisplayPropertyStyle.NameOnly,
        SymbolDisplayLocalOptions.None,
        SymbolDisplayKindOptions.None,
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>What the generated part of a model derives from.</summary>
    public static readonly GeneratedBase Model = new("a model", "SourceNet.Model", Symbols.IsModel, Symbols.IsDeclaredModel);

    /// <summary>What the generated part of an augmentation derives from.</summary>
    public static readonly GeneratedBase Augmentation = new(
        "an augmentation",
        "SourceNet.Training.Augmentation",
        Symbols.IsAugmentation,
        Symbols.IsDeclaredAugmentation);

    public static TypeIdentity Read(INamedTypeSymbol type, GeneratedBase wanted, List<Problem> problems)
    {
        var problemsBefore = problems.Count;
        if (NotAClass(type) is { } found)
        {
            problems.Add(Problems.NotAClass(type.Name, found, wanted.What, Origin.Class));
        }
        else if (Containment(type).FirstOrDefault(outer => !IsPartial(outer)) is { } closed)
        {
            problems.Add(SymbolEqualityComparer.Default.Equals(closed, type)
                ? Problems.NotPartial(type.Name, Origin.Class)
                : Problems.ContainerNotPartial(type.Name, closed.Name, Origin.Class));
        }

        // A type or namespace whose name has yet to be typed.
        var isNamed = Containment(type).All(outer => outer.Name.Length > 0) && Namespaces(type).All(outer => outer.Name.Length > 0);
        var canExtend = isNamed && problems.Count == problemsBefore;
        // A declared class is complete: what derives from a model would have layers that its forward does not know.
        var derives = wanted.Matches(type.BaseType) && !DerivesFromDeclared(type, wanted);
        if (canExtend && !derives && type.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } otherBase)
        {
            problems.Add(
                Problems.WrongBase(type.Name, otherBase.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), wanted.What, wanted.Name, Origin.Class));
        }

        return new TypeIdentity(
            type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString(),
            MetadataName(type),
            type.Name,
            Containment(type).Skip(1).Reverse().Select(Head).ToEquatableArray(),
            Head(type),
            derives && BaseIsStated(type),
            derives || type.BaseType is null or { SpecialType: SpecialType.System_Object },
            canExtend,
            isNamed && type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface && !Containment(type).Any(outer => outer.IsFileLocal))
        {
            IsSealed = type.IsSealed,
        };
    }

    /// <summary>Accessibility and other modifiers of a partial method, as both parts must repeat them.</summary>
    public static string Modifiers(IMethodSymbol method, SyntaxKind but = SyntaxKind.None)
    {
        var declaration = method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault();
        var words = declaration?.Modifiers
            .Where(modifier => !modifier.IsKind(SyntaxKind.PartialKeyword) && !modifier.IsKind(but))
            .Select(modifier => modifier.Text) ?? [];
        return string.Join(" ", words.Append("partial"));
    }

    /// <summary>A partial method as its other part must repeat it: modifiers, types, names and constraints, but no values of optional parameters.</summary>
    public static string Signature(IMethodSymbol method) => $"{Modifiers(method, but: SyntaxKind.AsyncKeyword)} {method.ToDisplayString(s_implementation)}";

    /// <summary>What the type is instead of a class that the generator can extend and a program can make objects of.</summary>
    private static string? NotAClass(INamedTypeSymbol type) =>
        type.IsRecord ? "a record"
        : type.TypeKind != TypeKind.Class
            ? $"{(type.TypeKind is TypeKind.Interface or TypeKind.Enum ? "an" : "a")} {type.TypeKind.ToString().ToLowerInvariant()}"
        : type.IsStatic ? "a static class"
        : type.IsAbstract ? "an abstract class"
        : Containment(type).Any(outer => outer.IsFileLocal) ? "a class that only its own file sees"
        : null;

    private static bool DerivesFromDeclared(INamedTypeSymbol type, GeneratedBase wanted)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (wanted.IsDeclared(ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<INamedTypeSymbol> Containment(INamedTypeSymbol type)
    {
        for (var outer = type; outer is not null; outer = outer.ContainingType)
        {
            yield return outer;
        }
    }

    private static IEnumerable<INamespaceSymbol> Namespaces(INamedTypeSymbol type)
    {
        for (var outer = type.ContainingNamespace; !outer.IsGlobalNamespace; outer = outer.ContainingNamespace)
        {
            yield return outer;
        }
    }

    /// <summary>Whether a part that its author wrote says so; the generated part, seen by analyzers, always does.</summary>
    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Where(reference => !Symbols.IsGenerated(reference.SyntaxTree))
        .Select(reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>()
        .Any(declaration => declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>Whether a part that its author wrote names a base class; the generated part, seen by analyzers, always does.</summary>
    private static bool BaseIsStated(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .Where(reference => !Symbols.IsGenerated(reference.SyntaxTree))
        .Select(reference => reference.GetSyntax())
        .OfType<TypeDeclarationSyntax>()
        .Any(declaration => declaration.BaseList is not null);

    private static string Head(INamedTypeSymbol type)
    {
        var keyword = (type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct",
            (true, _) => "record",
            (_, TypeKind.Struct) => "struct",
            (_, TypeKind.Interface) => "interface",
            _ => "class",
        };
        var parameters = type.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(parameter => Scope.Escape(parameter.Name)))}>";
        return $"partial {keyword} {Scope.Escape(type.Name)}{parameters}";
    }

    private static string MetadataName(INamedTypeSymbol type)
    {
        var name = string.Join("+", Containment(type).Reverse().Select(outer => outer.MetadataName));
        return string.Join(".", Namespaces(type).Reverse().Select(outer => outer.Name).Append(name));
    }

    /// <summary>The class that a generated part derives from.</summary>
    /// <param name="What">What such classes are called.</param>
    /// <param name="Name">Its name.</param>
    /// <param name="Matches">Whether a type is it or derives from it.</param>
    /// <param name="IsDeclared">Whether a type has a generated part that derives from it.</param>
    public sealed record GeneratedBase(string What, string Name, Func<ITypeSymbol?, bool> Matches, Func<ITypeSymbol, bool> IsDeclared);
}
