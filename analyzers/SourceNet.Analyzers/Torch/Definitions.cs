using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;

namespace SourceNet.Analyzers.Torch;

/// <summary>Where a value comes from, as far as one file tells.</summary>
internal static class Definitions
{
    // A method that calls itself has no end.
    private const int MaximumDepth = 8;

    /// <summary>
    /// The expression that makes a value: through variables that get one value only, and methods and properties that give back one expression.
    /// </summary>
    public static IOperation Definition(this IOperation operation, int depth = 0)
    {
        var bare = operation.WalkDownConversions();
        return depth < MaximumDepth && Before(bare) is { } before ? before.Definition(depth + 1) : bare;
    }

    /// <summary>The body of a method or local function of the same file that nothing overrides; null for any other.</summary>
    public static IOperation? BodyOf(this IOperation use, IMethodSymbol method)
    {
        if (method is { IsVirtual: true } or { IsAbstract: true } or { IsOverride: true }
            || method.OriginalDefinition.DeclaringSyntaxReferences is not [var only])
        {
            return null;
        }

        return use.SemanticModel is { } model && only.SyntaxTree == model.SyntaxTree ? model.GetOperation(only.GetSyntax()) : null;
    }

    private static IOperation? Before(IOperation bare) => bare switch
    {
        ILocalReferenceOperation local => local.OnlyValue(),
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => OnlyValue(field),
        IPropertyReferenceOperation { Instance: null or IInstanceReferenceOperation, Property.GetMethod: { } getter } property => Result(property, getter),
        IInvocationOperation call => Result(call, call.TargetMethod),
        _ => null,
    };

    private static IOperation? Result(IOperation use, IMethodSymbol method)
    {
        if (use.BodyOf(method) is not { } body)
        {
            return null;
        }

        var results = body.InOrder().OfType<IReturnOperation>().Where(result => result.ReturnedValue is not null).Take(2).ToList();
        return results is [{ Kind: OperationKind.Return, ReturnedValue: { } value }] ? value : null;
    }

    /// <summary>The value of a field that its type sets once, in its own file.</summary>
    private static IOperation? OnlyValue(IFieldReferenceOperation use)
    {
        if (use.SemanticModel is not { } model
            || use.Field is not ({ IsReadOnly: true } or { DeclaredAccessibility: Accessibility.Private })
            || use.Field.ContainingType.DeclaringSyntaxReferences is not [var only]
            || only.SyntaxTree != model.SyntaxTree)
        {
            return null;
        }

        var values = new List<ExpressionSyntax>();
        foreach (var node in only.GetSyntax().DescendantNodes())
        {
            switch (node)
            {
                case VariableDeclaratorSyntax { Initializer.Value: { } value } declarator
                    when declarator.Identifier.ValueText == use.Field.Name && IsField(model.GetDeclaredSymbol(declarator)):
                    values.Add(value);
                    break;
                case AssignmentExpressionSyntax { Left: { } target, Right: var value }
                    when NameOf(target) == use.Field.Name && IsField(model.GetSymbolInfo(target).Symbol):
                    values.Add(value);
                    break;
                case ArgumentSyntax { RefKindKeyword.RawKind: not 0, Expression: { } handed } when NameOf(handed) == use.Field.Name:
                    return null;
            }
        }

        return values is [var written] ? model.GetOperation(written) : null;

        bool IsField(ISymbol? symbol) => SymbolEqualityComparer.Default.Equals(symbol, use.Field);
    }

    private static string? NameOf(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
        _ => null,
    };
}
