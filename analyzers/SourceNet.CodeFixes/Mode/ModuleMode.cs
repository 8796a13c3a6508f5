using Microsoft.CodeAnalysis;

namespace SourceNet.CodeFixes.Mode;

/// <summary>The property <c>training</c> of a module.</summary>
internal static class ModuleMode
{
    /// <summary>Whether <c>training</c>, written at a place, is the mode of a module: in an instance member, and not hidden by another name.</summary>
    public static bool IsInReach(SyntaxNode place, SemanticModel model)
    {
        var around = model.GetEnclosingSymbol(place.SpanStart);
        for (; around is IMethodSymbol method; around = around.ContainingSymbol)
        {
            if (method.IsStatic)
            {
                return false;
            }
        }

        return around is INamedTypeSymbol
            && model.LookupSymbols(place.SpanStart, name: "training")
                .FirstOrDefault() is IPropertySymbol { IsStatic: false, Type.SpecialType: SpecialType.System_Boolean };
    }
}
