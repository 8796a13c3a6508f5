using System.Numerics;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Tests.Sizes;

/// <summary>An expression over the symbols <c>a, b, c</c>, as a <see cref="Sizes.Dim"/> and as a function on plain integers.</summary>
internal sealed record RandomSize(Expression Expression, Dim Dim)
{
    public static RandomSize Polynomial(Random random) => Of(Random(random, depth: 3, operators: "+-*"));

    /// <summary>Without differences: what is divided is never negative, as with sizes.</summary>
    public static RandomSize WithQuotients(Random random) => Of(Random(random, depth: 4, operators: "++**/"));

    /// <summary>The same function, with sums and products turned around.</summary>
    public static RandomSize Rearranged(RandomSize size, Random random) => Of(Rearranged(size.Expression, random));

    public static Dictionary<string, BigInteger> Values(Random random) =>
        new() { ["a"] = random.Next(1, 12), ["b"] = random.Next(1, 12), ["c"] = random.Next(1, 12) };

    public static BigInteger Substituted(Dim dim, IReadOnlyDictionary<string, BigInteger> values)
    {
        var result = dim.Substitute(name => (long)values[name]);
        Assert.True(result.IsKnown, dim.ToString());
        return result.Constant!.Value;
    }

    public static RandomSize Of(Expression expression) => new(expression, ToDim(expression));

    /// <summary>The value in integers of any length; null where a divisor is 0.</summary>
    public BigInteger? Value(IReadOnlyDictionary<string, BigInteger> values) => Value(Expression, values);

    private static BigInteger? Value(Expression expression, IReadOnlyDictionary<string, BigInteger> values)
    {
        switch (expression)
        {
            case Expression.Number number:
                return (BigInteger)number.Value;
            case Expression.Name name:
                return values[name.Identifier];
            case Expression.Binary binary:
                var (left, right) = (Value(binary.Left, values), Value(binary.Right, values));
                return binary.Operator switch
                {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ => right.GetValueOrDefault().IsZero ? null : left / right,
                };
            default:
                throw new ArgumentException(expression.ToString());
        }
    }

    private static Dim ToDim(Expression expression) => expression switch
    {
        Expression.Number number => (long)number.Value,
        Expression.Name name => Dim.Symbol(name.Identifier),
        Expression.Negation negation => 0 - ToDim(negation.Operand),
        Expression.Binary { Operator: '+' } sum => ToDim(sum.Left) + ToDim(sum.Right),
        Expression.Binary { Operator: '-' } difference => ToDim(difference.Left) - ToDim(difference.Right),
        Expression.Binary { Operator: '*' } product => ToDim(product.Left) * ToDim(product.Right),
        Expression.Binary { Operator: '/' } quotient => ToDim(quotient.Left) / ToDim(quotient.Right),
        _ => throw new ArgumentException(expression.ToString()),
    };

    private static Expression Random(Random random, int depth, string operators)
    {
        if (depth == 0 || random.Next(5) == 0)
        {
            return random.Next(3) == 0 ? new Expression.Number(random.Next(1, 7), IsInteger: true) : new Expression.Name("abc"[random.Next(3)].ToString());
        }

        return new Expression.Binary(operators[random.Next(operators.Length)], Random(random, depth - 1, operators), Random(random, depth - 1, operators));
    }

    private static Expression Rearranged(Expression expression, Random random) => expression is Expression.Binary binary
        ? binary.Operator is '+' or '*' && random.Next(2) == 0
            ? new Expression.Binary(binary.Operator, Rearranged(binary.Right, random), Rearranged(binary.Left, random))
            : binary with { Left = Rearranged(binary.Left, random), Right = Rearranged(binary.Right, random) }
        : expression;
}
