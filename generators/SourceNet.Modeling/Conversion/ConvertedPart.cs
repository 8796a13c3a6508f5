using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Conversion;

/// <summary>A field of the module that is converted.</summary>
/// <param name="Member">The field.</param>
/// <param name="Made">The expression that gives its value, in an initializer or in the constructor.</param>
/// <param name="Value">What that makes.</param>
/// <param name="StateName">Its name in the state_dict.</param>
internal sealed record ConvertedPart(IFieldSymbol Member, ExpressionSyntax Made, Value Value, string StateName)
{
    /// <summary>The block that takes its place; null if it stays a part that is written by hand.</summary>
    public string? Block { get; init; }

    /// <summary>The attributes of that block.</summary>
    public string Attributes { get; init; } = "";
}
