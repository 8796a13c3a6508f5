using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>Turns an <see cref="Origin"/> back into the place in the source: the attribute, or the name of the member or class.</summary>
public static class OriginLocator
{
    public static Location Locate(INamedTypeSymbol type, ModelDeclaration? declaration, Origin origin, CancellationToken cancellation = default)
    {
        var member = Member(type, declaration, origin) ?? type;
        var attribute = origin.Attribute < 0 ? null : Symbols.Attributes(member).ElementAtOrDefault(origin.Attribute);
        return attribute?.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation() ?? NameOf(member, cancellation);
    }

    private static ISymbol? Member(INamedTypeSymbol type, ModelDeclaration? declaration, Origin origin) => origin.Kind switch
    {
        OriginKind.Block => ModelReader.Blocks(type).ElementAtOrDefault(origin.Member),
        OriginKind.Part when declaration is not null && origin.Member >= 0 && origin.Member < declaration.Parts.Count =>
            PartReader.Find(type, declaration.Parts[origin.Member].Member),
        OriginKind.Parameter => ForwardReader.Own(type)?.Parameters.ElementAtOrDefault(origin.Member),
        OriginKind.Member => ModelReader.Members(type).ElementAtOrDefault(origin.Member),
        _ => null,
    };

    /// <summary>The name where the author wrote it. A class may have many parts: the one with <c>[Model]</c> or <c>[Augmentation]</c> is meant.</summary>
    private static Location NameOf(ISymbol member, CancellationToken cancellation)
    {
        var model = Symbols.Attributes(member).FirstOrDefault(attribute => attribute.AttributeClass!.Name is "ModelAttribute" or "AugmentationAttribute");
        if (model?.ApplicationSyntaxReference?.GetSyntax(cancellation).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } part)
        {
            return part.Identifier.GetLocation();
        }

        return member.Locations.FirstOrDefault(location => location.SourceTree is { } tree && !Symbols.IsGenerated(tree)) ?? Location.None;
    }
}
