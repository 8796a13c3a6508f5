using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SourceNet.CodeFixes.Mode;

/// <summary>The property <c>training</c> of a module.</summary>
internal static class ModuleMode
{
    /// <summary>Whether <c>training</c>, written at a place, is the mode of a module: not in a static member, and not hidden by another name.</summary>
    public static bool IsInReach(SyntaxNode place, SemanticModel model) =>
        model.GetSpeculativeSymbolInfo(place.SpanStart, SyntaxFactory.IdentifierName("training"), SpeculativeBindingOption.BindAsExpression).Symbol is IPropertySymbol { IsStatic: false, Type.SpecialType: SpecialType.System_Boolean };
}
