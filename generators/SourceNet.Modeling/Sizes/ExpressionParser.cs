using System.Globalization;

namespace SourceNet.Modeling.Sizes;

/// <summary>Recursive descent over the grammar of <see cref="Expression"/>. Nesting and length are bounded: a compiler's stack is not ours to use up.</summary>
internal sealed class ExpressionParser(string text)
{
    private const int LongestText = 1000;
    private const int DeepestNesting = 50;

    /// <summary>Whole numbers below it are exact as doubles, which values are computed in.</summary>
    private const long WholeNumberLimit = 1L << 53;

    private int _position;
    private int _depth;
    private string? _error;

    public IReadOnlyList<Expression>? ReadList(out string? error)
    {
        var list = new List<Expression>();
        if (text.Length > LongestText)
        {
            error = $"expected at most {LongestText} characters, found {text.Length}";
            return null;
        }

        SkipSpace();
        while (_position < text.Length || list.Count > 0)
        {
            if (ReadSum() is not { } expression)
            {
                error = _error;
                return null;
            }

            list.Add(expression);
            if (_position >= text.Length)
            {
                break;
            }

            if (!Take(','))
            {
                error = Expected("an operator");
                return null;
            }
        }

        error = null;
        return list;
    }

    private Expression? ReadSum() => ReadChain(ReadProduct, '+', '-');

    private Expression? ReadProduct() => ReadChain(ReadFactor, '*', '/');

    private Expression? ReadChain(Func<Expression?> readOperand, char first, char second)
    {
        var left = readOperand();
        var length = 0;
        while (left is not null && Peek() is var symbol && (symbol == first || symbol == second))
        {
            if (++length > DeepestNesting)
            {
                _error = $"expected at most {DeepestNesting} operators in a row";
                return null;
            }

            Take(symbol);
            left = readOperand() is { } right ? new Expression.Binary(symbol, left, right) : null;
        }

        return left;
    }

    private Expression? ReadFactor()
    {
        if (++_depth > DeepestNesting)
        {
            _error = $"expected at most {DeepestNesting} levels of parentheses and signs";
            return null;
        }

        try
        {
            if (Take('-'))
            {
                return ReadFactor() is { } operand ? new Expression.Negation(operand) : null;
            }

            if (Take('('))
            {
                var inner = ReadSum();
                return inner is null || Take(')') ? inner : Fail("')'");
            }

            var symbol = Peek();
            return IsNameStart(symbol) || (symbol == '@' && _position + 1 < text.Length && IsNameStart(text[_position + 1])) ? ReadName()
                : char.IsDigit(symbol) || symbol == '.' ? ReadNumber()
                : Fail("a number, a name or '('");
        }
        finally
        {
            _depth--;
        }
    }

    private static bool IsNameStart(char symbol) => char.IsLetter(symbol) || symbol == '_';

    private Expression? ReadName()
    {
        var start = _position++;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] == '_' || IsMemberDot()))
        {
            _position++;
        }

        var name = text.Substring(start, _position - start).TrimStart('@');
        SkipSpace();
        if (name != "sqrt" || !Take('('))
        {
            return new Expression.Name(name);
        }

        var operand = ReadSum();
        return operand is null ? null : Take(')') ? new Expression.Root(operand) : Fail("')'");
    }

    /// <summary>Whether a member of what was named so far follows: <c>config.Dim</c>.</summary>
    private bool IsMemberDot() => text[_position] == '.' && _position + 1 < text.Length && IsNameStart(text[_position + 1]);

    private Expression? ReadNumber()
    {
        var start = _position;
        while (_position < text.Length && (char.IsLetterOrDigit(text[_position]) || text[_position] is '.' or '_' || IsExponentSign()))
        {
            _position++;
        }

        var literal = text.Substring(start, _position - start).Replace("_", "");
        SkipSpace();
        if (literal.All(symbol => symbol is >= '0' and <= '9'))
        {
            if (long.TryParse(literal, NumberStyles.None, CultureInfo.InvariantCulture, out var integer) && integer < WholeNumberLimit)
            {
                return new Expression.Number(integer, IsInteger: true);
            }

            _position = start;
            return Fail("a number below 2^53");
        }

        const NumberStyles real = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (double.TryParse(literal, real, CultureInfo.InvariantCulture, out var value) && !double.IsInfinity(value))
        {
            return new Expression.Number(value, IsInteger: false);
        }

        _position = start;
        return Fail("a number");
    }

    private bool IsExponentSign() => text[_position] is '+' or '-' && _position > 0 && text[_position - 1] is 'e' or 'E';

    private Expression? Fail(string expected)
    {
        _error = Expected(expected);
        return null;
    }

    private string Expected(string what)
    {
        var found = _position < text.Length ? $"'{text[_position]}' at position {_position + 1}" : "the end";
        return $"expected {what}, found {found}";
    }

    private char Peek() => _position < text.Length ? text[_position] : '\0';

    private bool Take(char symbol)
    {
        if (Peek() != symbol)
        {
            return false;
        }

        _position++;
        SkipSpace();
        return true;
    }

    private void SkipSpace()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }
    }
}
