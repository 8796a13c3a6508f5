using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SourceNet.Modeling.Conversion;

/// <summary>A field of the module that is converted.</summary>
/// <param name="Member">The field.</param>
/// <param name="Made">The expression that gives its value, in an initializer or in the constructor; null if it has none.</param>
/// <param name="StateName">Its name in the state_dict.</param>
internal sealed record ConvertedPart(IFieldSymbol Member, ExpressionSyntax? Made, string StateName)
{
    /// <summary>The block that takes its place; null if it stays a part that is written by hand.</summary>
    public string? Block { get; init; }

    /// <summary>Whether a module of this path lies in it.</summary>
    public bool Holds(string path) => path == StateName || path.StartsWith(StateName + ".", StringComparison.Ordinal);
}
