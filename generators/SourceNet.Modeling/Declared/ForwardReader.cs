using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// Reads a hand-written forward as far as it is straight-line code over the blocks: locals, calls, sums, <c>cat</c>.
/// Whatever branches, loops or is not understood is unknown; nothing is guessed.
/// </summary>
internal sealed class ForwardReader
{
    private const int DeepestNesting = 64;

    /// <summary>Methods of a tensor that keep its shape.</summary>
    private static readonly HashSet<string> s_elementwise = new(StringComparer.Ordinal)
    {
        "alias", "clone", "contiguous", "detach", "MoveToOuterDisposeScope", "DetachFromDisposeScope",
        "relu", "relu_", "gelu", "silu", "sigmoid", "tanh", "leaky_relu", "elu", "dropout",
    };

    private readonly HashSet<string> _blocks;
    private readonly List<FlowStep> _steps = [];
    private FlowValue? _result;
    private int _depth;

    private ForwardReader(IEnumerable<string> blocks) => _blocks = new(blocks, StringComparer.Ordinal);

    public static ForwardFlow? Read(IMethodSymbol forward, IEnumerable<string> blocks)
    {
        var declaration = forward.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault();
        if (declaration is null || forward.Parameters.Length != 1)
        {
            return null;
        }

        var reader = new ForwardReader(blocks);
        if (declaration.ExpressionBody is { } body)
        {
            reader._result = reader.Value(body.Expression);
        }
        else
        {
            reader.ReadAll(declaration.Body?.Statements ?? default);
        }

        return new ForwardFlow(forward.Parameters[0].Name, reader._steps.ToEquatableArray(), reader._result ?? Unknown());
    }

    private void ReadAll(SyntaxList<StatementSyntax> statements)
    {
        foreach (var statement in statements)
        {
            Read(statement);
        }
    }

    private void Read(StatementSyntax statement)
    {
        switch (statement)
        {
            case LocalDeclarationStatementSyntax local:
                foreach (var variable in local.Declaration.Variables.Where(variable => variable.Initializer is not null))
                {
                    Assign(variable.Identifier.ValueText, Value(variable.Initializer!.Value));
                }

                break;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Left: IdentifierNameSyntax name } assignment }:
                Assign(name.Identifier.ValueText, Value(assignment.Right));
                break;
            case ReturnStatementSyntax { Expression: { } expression }:
                var value = Value(expression);
                _result = _result is null || _result == value ? value : Unknown(_result, value);
                break;
            case BlockSyntax block:
                ReadAll(block.Statements);
                break;
            case UsingStatementSyntax { Declaration: null } scope:
                Read(scope.Statement);
                break;
            case EmptyStatementSyntax or LocalFunctionStatementSyntax:
                break;
            default:
                Forget(statement);
                break;
        }
    }

    private void Assign(string variable, FlowValue value) => _steps.Add(new FlowStep(variable, value));

    /// <summary>A statement that may run never or often: what it assigns, and what its blocks get, cannot be told.</summary>
    private void Forget(StatementSyntax statement)
    {
        foreach (var node in statement.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case AssignmentExpressionSyntax { Left: IdentifierNameSyntax name }:
                    Assign(name.Identifier.ValueText, Unknown());
                    break;
                case InvocationExpressionSyntax call when BlockOf(call) is { } block:
                    Assign("", new FlowValue.BlockCall(block, Unknown()));
                    break;
                case ReturnStatementSyntax:
                    _result = Unknown();
                    break;
            }
        }
    }

    private FlowValue Value(ExpressionSyntax expression)
    {
        if (_depth >= DeepestNesting)
        {
            return Unknown();
        }

        _depth++;
        try
        {
            return expression switch
            {
                IdentifierNameSyntax name => new FlowValue.Variable(name.Identifier.ValueText),
                ParenthesizedExpressionSyntax inner => Value(inner.Expression),
                PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => Value(inner.Operand),
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression or (int)SyntaxKind.MultiplyExpression } sum =>
                    new FlowValue.Elementwise(Value(sum.Left), Value(sum.Right)),
                InvocationExpressionSyntax call => Call(call),
                _ => Unknown(expression.ChildNodes().OfType<ExpressionSyntax>().Select(Value).ToArray()),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private FlowValue Call(InvocationExpressionSyntax call)
    {
        var arguments = call.ArgumentList.Arguments;
        if (BlockOf(call) is { } block)
        {
            return new FlowValue.BlockCall(block, Value(arguments[0].Expression));
        }

        var name = NameOf(call);
        if (name is "cat" or "concat" or "concatenate" && arguments.Count is 1 or 2 && Items(arguments[0].Expression) is { } items)
        {
            var axis = arguments.Count == 1 ? 0 : Integer(arguments[1].Expression);
            var values = items.Select(Value).ToArray();
            return axis is { } known ? new FlowValue.Concatenation(values.ToEquatableArray(), known) : Unknown(values);
        }

        if (name is not null && s_elementwise.Contains(name))
        {
            // relu(x, ...) and x.relu(...) alike: the only tensor is the first operand.
            var isMethod = call.Expression is MemberAccessExpressionSyntax { Expression: not (IdentifierNameSyntax { Identifier.ValueText: "functional" or "torch" } or MemberAccessExpressionSyntax) };
            return isMethod ? Value(((MemberAccessExpressionSyntax)call.Expression).Expression)
                : arguments.Count > 0 ? Value(arguments[0].Expression)
                : Unknown();
        }

        var inside = arguments.Select(argument => Value(argument.Expression));
        return Unknown(call.Expression is MemberAccessExpressionSyntax { Expression: { } receiver } ? inside.Prepend(Value(receiver)).ToArray() : inside.ToArray());
    }

    private string? BlockOf(InvocationExpressionSyntax call) =>
        call.ArgumentList.Arguments.Count == 1
        && call.Expression is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
        && NameOf(call) is { } name && _blocks.Contains(name) ? name : null;

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
        _ => null,
    };

    private static IEnumerable<ExpressionSyntax>? Items(ExpressionSyntax list) => list switch
    {
        CollectionExpressionSyntax collection when collection.Elements.All(element => element is ExpressionElementSyntax) =>
            collection.Elements.Cast<ExpressionElementSyntax>().Select(element => element.Expression),
        ImplicitArrayCreationExpressionSyntax array => array.Initializer.Expressions,
        ArrayCreationExpressionSyntax { Initializer: { } initializer } => initializer.Expressions,
        _ => null,
    };

    private static int? Integer(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax { Token.Value: int value } => value,
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.UnaryMinusExpression, Operand: LiteralExpressionSyntax { Token.Value: int value } } => -value,
        _ => null,
    };

    private static FlowValue Unknown(params FlowValue[] inside) => new FlowValue.Unknown(inside.ToEquatableArray());
}
