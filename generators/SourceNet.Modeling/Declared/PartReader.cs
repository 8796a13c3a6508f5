using Microsoft.CodeAnalysis;
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
            var isWritable = member is IPropertySymbol { SetMethod.IsInitOnly: false } || (member is IFieldSymbol && !field.IsReadOnly);
            parts.Add(new HandWrittenPart(Scope.Escape(member.Name), StateName(member, origin, problems), kind, isWritable, origin));
        }

        return parts.ToEquatableArray();
    }

    /// <summary>The member behind a part's <see cref="Origin"/>.</summary>
    public static ISymbol? Find(INamedTypeSymbol type, string member) => type.GetMembers(member.TrimStart('@')).FirstOrDefault();

    public static bool IsStateName(string name, bool mayBeEmpty) => name.Length == 0 ? mayBeEmpty
        : name.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'));

    private static PartKind? Kind(ITypeSymbol type) =>
        Symbols.IsParameter(type) ? PartKind.Parameter
        : Symbols.IsModule(type) ? PartKind.Module
        : Symbols.IsModules(type) ? PartKind.Modules
        : null;

    private static string StateName(ISymbol member, Origin origin, List<Problem> problems)
    {
        var name = Symbols.Attributes(member).FirstOrDefault(attribute => attribute.AttributeClass!.Name == "NameAttribute")?.ConstructorArguments.FirstOrDefault().Value as string;
        if (name is null)
        {
            return Symbols.SnakeCase(member.Name);
        }

        if (!IsStateName(name, mayBeEmpty: false))
        {
            problems.Add(Problems.BadStateName(name, origin));
            return Symbols.SnakeCase(member.Name);
        }

        return name;
    }
}
