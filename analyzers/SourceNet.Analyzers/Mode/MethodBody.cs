using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace SourceNet.Analyzers.Mode;

/// <summary>The code of a method, lambda, local function or initializer.</summary>
/// <param name="Symbol">Whose code it is; for an initializer the field or property.</param>
/// <param name="Graph">Its flow.</param>
/// <param name="Root">The operation that it was made of. It knows the semantic model, which operations of a graph do not.</param>
internal sealed record MethodBody(ISymbol Symbol, ControlFlowGraph Graph, IOperation Root)
{
    /// <summary>Whether all callers are in sight: a private method or local function.</summary>
    public bool IsPrivate => Symbol is IMethodSymbol
    {
        MethodKind: MethodKind.LocalFunction or MethodKind.Ordinary,
        DeclaredAccessibility: Accessibility.Private or Accessibility.NotApplicable,
        IsVirtual: false,
        IsOverride: false,
        ExplicitInterfaceImplementations.IsEmpty: true,
    };

    /// <summary>Whether code runs whenever its method does, but for loops without a turn: nothing decides about it.</summary>
    public static bool IsUnconditional(SyntaxNode code)
    {
        for (
            var (inner, outer) = (code, code.Parent); outer is not null
                and not (MemberDeclarationSyntax and not GlobalStatementSyntax)
                and not LocalFunctionStatementSyntax
                and not AnonymousFunctionExpressionSyntax; (inner, outer) = (outer, outer.Parent))
        {
            var decides = outer switch
            {
                IfStatementSyntax branch => inner != branch.Condition,
                ConditionalExpressionSyntax branch => inner != branch.Condition,
                SwitchStatementSyntax branch => inner != branch.Expression,
                SwitchExpressionSyntax branch => inner != branch.GoverningExpression,
                CatchClauseSyntax => true,
                ConditionalAccessExpressionSyntax access => inner != access.Expression,
                BinaryExpressionSyntax binary =>
                    inner == binary.Right
                        && binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
                AssignmentExpressionSyntax assignment => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression) && inner == assignment.Right,
                _ => false,
            };
            if (decides)
            {
                return false;
            }
        }

        return true;
    }
}
