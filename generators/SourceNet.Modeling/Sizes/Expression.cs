using System.Globalization;

namespace SourceNet.Modeling.Sizes;

/// <summary>An expression of a declaration, such as <c>"4 * dim"</c>: literals, names, <c>+ - * / ( )</c>, <c>sqrt</c>.</summary>
public abstract record Expression
{
    public sealed record Number(double Value, bool IsInteger) : Expression;

    public sealed record Name(string Identifier) : Expression;

    public sealed record Binary(char Operator, Expression Left, Expression Right) : Expression;

    public sealed record Negation(Expression Operand) : Expression;

    public sealed record Root(Expression Operand) : Expression;

    /// <summary>Reads one expression. On failure <paramref name="error"/> says what was expected and what was found.</summary>
    public static Expression? Parse(string text, out string? error)
    {
        var list = ParseList(text, out error);
        if (list is null)
        {
            return null;
        }

        if (list.Count == 1)
        {
            return list[0];
        }

        error = list.Count == 0 ? "expected an expression, found nothing" : "expected one expression, found " + list.Count;
        return null;
    }

    /// <summary>Reads expressions separated by commas; an empty text is an empty list.</summary>
    public static IReadOnlyList<Expression>? ParseList(string text, out string? error)
    {
        var parser = new ExpressionParser(text);
        return parser.ReadList(out error);
    }

    /// <summary>Every name the expression mentions, in order.</summary>
    public IEnumerable<string> Names() => this switch
    {
        Name name => [name.Identifier],
        Binary binary => binary.Left.Names().Concat(binary.Right.Names()),
        Negation negation => negation.Operand.Names(),
        Root root => root.Operand.Names(),
        _ => [],
    };

    /// <summary>The value, if every name has one.</summary>
    public double? Evaluate(Func<string, double?> valueOf)
    {
        switch (this)
        {
            case Number number:
                return number.Value;
            case Name name:
                return valueOf(name.Identifier);
            case Negation negation:
                return -negation.Operand.Evaluate(valueOf);
            case Root root:
                return root.Operand.Evaluate(valueOf) is { } square ? Math.Sqrt(square) : null;
            case Binary binary:
                var left = binary.Left.Evaluate(valueOf);
                var right = binary.Right.Evaluate(valueOf);
                return binary.Operator switch
                {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ => left / right,
                };
            default:
                return null;
        }
    }

    public sealed override string ToString() => this switch
    {
        Number number => Format(number.Value),
        Name name => name.Identifier,
        Negation negation => "-" + Parenthesized(negation.Operand, negation.Operand is Binary or Negation),
        Root root => $"sqrt({root.Operand})",
        Binary binary => Parenthesized(binary.Left, Precedence(binary.Left) < Precedence(binary))
            + $" {binary.Operator} "
            + Parenthesized(binary.Right, binary.Right is Negation || Precedence(binary.Right) <= Precedence(binary)),
        _ => "",
    };

    /// <summary>The shortest text that reads back as the same number, in any culture.</summary>
    public static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static int Precedence(Expression expression) => expression switch
    {
        Binary { Operator: '+' or '-' } => 1,
        Binary => 2,
        _ => 3,
    };

    private static string Parenthesized(Expression expression, bool parentheses) => parentheses ? $"({expression})" : expression.ToString();
}
