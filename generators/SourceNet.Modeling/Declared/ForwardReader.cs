using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// Reads a hand-written forward as far as it is straight-line code over the blocks: locals, <c>using</c>, calls, sums, <c>cat</c>.
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
        "add_", "sub_", "mul_", "div_", "clamp_", "copy_", "fill_", "zero_",
    };

    private readonly HashSet<string> _blocks;
    private readonly HashSet<string> _untold;
    private readonly List<FlowStep> _steps = [];
    private FlowValue? _result;
    private int _depth;

    private ForwardReader(IEnumerable<string> blocks, IEnumerable<string> untold)
    {
        _blocks = new(blocks, StringComparer.Ordinal);
        _untold = new(untold, StringComparer.Ordinal);
    }

    public static ForwardFlow? Read(IMethodSymbol forward, IEnumerable<string> blocks)
    {
        var declaration = forward.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<MethodDeclarationSyntax>().FirstOrDefault();
        if (declaration is null || forward.Parameters.Length != 1 || declaration.DescendantNodes().Any(node => node is GotoStatementSyntax))
        {
            return null;
        }

        var reader = new ForwardReader(blocks, Untold(declaration));
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
                Declare(local.Declaration);
                break;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment }:
                ReadAssignment(assignment);
                break;
            case ExpressionStatementSyntax other:
                Assign("", Value(other.Expression));
                break;
            case ReturnStatementSyntax { Expression: { } expression }:
                var value = Value(expression);
                _result = _result is null || _result == value ? value : Unknown(_result, value);
                break;
            case BlockSyntax block:
                ReadAll(block.Statements);
                break;
            case UsingStatementSyntax scope:
                Declare(scope.Declaration);
                if (scope.Expression is { } resource)
                {
                    Assign("", Value(resource));
                }

                Read(scope.Statement);
                break;
            case LocalFunctionStatementSyntax function:
                Assign("", CallsIn(function));
                break;
            case EmptyStatementSyntax:
                break;
            default:
                Forget(statement);
                break;
        }
    }

    private void Declare(VariableDeclarationSyntax? declaration)
    {
        foreach (var variable in declaration?.Variables.Where(variable => variable.Initializer is not null) ?? [])
        {
            Assign(variable.Identifier.ValueText, Value(variable.Initializer!.Value));
        }
    }

    private void ReadAssignment(AssignmentExpressionSyntax assignment)
    {
        var value = Value(assignment.Right);
        if (assignment.Left is not IdentifierNameSyntax name)
        {
            Assign("", value);
            return;
        }

        Assign(name.Identifier.ValueText, assignment.Kind() switch
        {
            SyntaxKind.SimpleAssignmentExpression => value,
            SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression or SyntaxKind.MultiplyAssignmentExpression => new FlowValue.Elementwise(Value(name), value),
            _ => Unknown(value),
        });
    }

    private void Assign(string variable, FlowValue value) => _steps.Add(new FlowStep(variable, value));

    /// <summary>
    /// Variables that change where the order of statements does not tell it: in nested functions, inside expressions, through references, by methods that
    /// reshape a tensor in place.
    /// </summary>
    private static IEnumerable<string> Untold(SyntaxNode forward) => forward.DescendantNodes()
        .Select(node => node switch
        {
            AssignmentExpressionSyntax { Left: IdentifierNameSyntax, Parent: ExpressionStatementSyntax } assignment when !IsNested(assignment, forward) => null,
            AssignmentExpressionSyntax assignment => assignment.Left,
            ArgumentSyntax { RefOrOutKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword } argument => argument.Expression,
            RefExpressionSyntax reference => reference.Expression,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var method } member }
                when method.EndsWith("_", StringComparison.Ordinal) && !s_elementwise.Contains(method) => member.Expression,
            _ => null,
        })
        .SelectMany(changed => changed?.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>() ?? [])
        .Select(name => name.Identifier.ValueText);

    private static bool IsNested(SyntaxNode node, SyntaxNode forward) =>
        node.Ancestors().TakeWhile(outer => outer != forward).Any(outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax);

    /// <summary>A function runs when and with what it pleases.</summary>
    private FlowValue CallsIn(SyntaxNode function) => Unknown(function.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(BlockOf)
        .Where(block => block is not null).Select(block => new FlowValue.BlockCall(block!, Unknown())).ToArray<FlowValue>());

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
                IdentifierNameSyntax name => _untold.Contains(name.Identifier.ValueText) ? Unknown() : new FlowValue.Variable(name.Identifier.ValueText),
                ParenthesizedExpressionSyntax inner => Value(inner.Expression),
                PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => Value(inner.Operand),
                BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression or (int)SyntaxKind.SubtractExpression or (int)SyntaxKind.MultiplyExpression } sum =>
                    new FlowValue.Elementwise(Value(sum.Left), Value(sum.Right)),
                InvocationExpressionSyntax call => Call(call),
                AnonymousFunctionExpressionSyntax function => CallsIn(function),
                _ => Unknown(expression.DescendantNodes(node => node == expression || node is not ExpressionSyntax).OfType<ExpressionSyntax>().Select(Value).ToArray()),
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
