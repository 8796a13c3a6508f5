using System.Globalization;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Tests.Sizes;

public class ExpressionTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1_000", 1000)]
    [InlineData("0.5", 0.5)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("1E+2", 100)]
    [InlineData("2e2+1", 201)]
    [InlineData("a", 2)]
    [InlineData("@a", 2)]
    [InlineData("_c", 5)]
    [InlineData("-a", -2)]
    [InlineData("--a", 2)]
    [InlineData("- - a", 2)]
    [InlineData("a + b", 5)]
    [InlineData("a - b - a", -3)]
    [InlineData("a - (b - a)", 1)]
    [InlineData("a + b * a", 8)]
    [InlineData("(a + b) * a", 10)]
    [InlineData("12 / b / a", 2)]
    [InlineData("12 / (b * a)", 2)]
    [InlineData("12 / b * a", 8)]
    [InlineData("-a * b", -6)]
    [InlineData("a * -b", -6)]
    [InlineData("a - -b", 5)]
    [InlineData("-(a + b)", -5)]
    [InlineData("((((a))))", 2)]
    [InlineData("a/b*3", 2)]
    [InlineData("sqrt(a + b * 2 + 1)", 3)]
    [InlineData("6 / sqrt(a * 2)", 3)]
    [InlineData("config.Dim * a", 14)]
    [InlineData(" \t a\r\n+\n b ", 5)]
    public void Reads_and_evaluates(string text, double expected)
    {
        var expression = Parsed(text);

        Assert.Equal(expected, expression.Evaluate(Value)!.Value, 12);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("1_0", true)]
    [InlineData("1.0", false)]
    [InlineData("1e3", false)]
    public void A_number_with_point_or_exponent_is_not_whole(string text, bool isInteger) =>
        Assert.Equal(isInteger, Assert.IsType<Expression.Number>(Parsed(text)).IsInteger);

    [Theory]
    [InlineData("", "expected an expression, found nothing")]
    [InlineData("   ", "expected an expression, found nothing")]
    [InlineData("a, b", "expected one expression, found 2")]
    [InlineData("4 *", "expected a number, a name or '(', found the end")]
    [InlineData("* 4", "expected a number, a name or '(', found '*' at position 1")]
    [InlineData("4 dim", "expected an operator, found 'd' at position 3")]
    [InlineData("(a", "expected ')', found the end")]
    [InlineData("(a b)", "expected ')', found 'b' at position 4")]
    [InlineData("a)", "expected an operator, found ')' at position 2")]
    [InlineData("()", "expected a number, a name or '(', found ')' at position 2")]
    [InlineData("a % b", "expected an operator, found '%' at position 3")]
    [InlineData("4dim", "expected a number, found '4' at position 1")]
    [InlineData("0x10", "expected a number, found '0' at position 1")]
    [InlineData("1.2.3", "expected a number, found '1' at position 1")]
    [InlineData(".", "expected a number, found '.' at position 1")]
    [InlineData("a + 1e", "expected a number, found '1' at position 5")]
    [InlineData("1e999", "expected a number, found '1' at position 1")]
    [InlineData("1 + 9007199254740993", "expected a number below 2^53, found '9' at position 5")]
    [InlineData("99999999999999999999", "expected a number below 2^53, found '9' at position 1")]
    [InlineData("@", "expected a number, a name or '(', found '@' at position 1")]
    [InlineData("@1", "expected a number, a name or '(', found '@' at position 1")]
    [InlineData("a + @", "expected a number, a name or '(', found '@' at position 5")]
    [InlineData("+a", "expected a number, a name or '(', found '+' at position 1")]
    [InlineData("a.", "expected an operator, found '.' at position 2")]
    [InlineData("a\0", "expected an operator, found '\0' at position 2")]
    [InlineData("\u0663", "expected a number, found '\u0663' at position 1")]
    public void Says_what_was_expected_and_where(string text, string expected)
    {
        Assert.Null(Expression.Parse(text, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_list_may_be_empty_and_its_items_are_expressions()
    {
        Assert.Empty(Expression.ParseList("  ", out var none)!);
        Assert.Null(none);
        Assert.Equal(["a", "b + 1", "3"], Expression.ParseList("a, b+1 ,3", out _)!.Select(item => item.ToString()));
    }

    [Theory]
    [InlineData(",")]
    [InlineData("a,")]
    [InlineData("a,,b")]
    [InlineData(", a")]
    public void A_list_has_no_empty_items(string text)
    {
        Assert.Null(Expression.ParseList(text, out var error));
        Assert.StartsWith("expected a number, a name or '('", error);
    }

    [Fact]
    public void Names_come_in_order_with_repetitions() =>
        Assert.Equal(["b", "a", "b"], Parsed("b * (a - 3) / -b").Names());

    [Fact]
    public void An_expression_with_an_unknown_name_has_no_value() => Assert.Null(Parsed("2 * x").Evaluate(_ => null));

    [Theory]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("(a-b)-c", "a - b - c")]
    [InlineData("a/(b*c)", "a / (b * c)")]
    [InlineData("(a*b)/c", "a * b / c")]
    [InlineData("-(a+b)*c", "-(a + b) * c")]
    [InlineData("--a", "-(-a)")]
    [InlineData("a- -b", "a - (-b)")]
    [InlineData("1e-7", "1E-07")]
    [InlineData("1_000", "1000")]
    public void Writes_no_more_parentheses_than_needed(string text, string expected) => Assert.Equal(expected, Parsed(text).ToString());

    [Fact]
    public void What_it_writes_reads_back_as_the_same_expression()
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var expression = Random(random, depth: 5);
            Assert.Equal(expression, Parsed(expression.ToString()));
        }
    }

    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    [InlineData("ar-SA")]
    public void Reads_and_writes_the_same_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(-0.25, Parsed("-0.25").Evaluate(Value));
            Assert.Equal("-0.25 - a", Parsed("-0.25-a").ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("-(")]
    public void Deep_nesting_is_an_error_and_no_stack_overflow(string opening)
    {
        var text = string.Concat(Enumerable.Repeat(opening, 400 / opening.Length)) + "a";

        Assert.Null(Expression.Parse(text, out var error));
        Assert.Equal("expected at most 50 levels of parentheses and signs", error);
    }

    [Fact]
    public void Fifty_levels_are_fine() => Assert.NotNull(Expression.Parse(new string('(', 49) + "a" + new string(')', 49), out _));

    [Fact]
    public void A_long_chain_is_an_error()
    {
        Assert.Null(Expression.Parse(string.Join("+", Enumerable.Repeat("a", 52)), out var error));
        Assert.Equal("expected at most 50 operators in a row", error);
        Assert.NotNull(Expression.Parse(string.Join("+", Enumerable.Repeat("a", 51)), out _));
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(5_000_000)]
    public void A_long_text_is_an_error(int length)
    {
        Assert.Null(Expression.Parse(new string('a', length), out var error));
        Assert.Equal($"expected at most 1000 characters, found {length}", error);
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_words()
    {
        const string alphabet = "ab1.5e_+-*/(), @\0é٣\"{";
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var text = new string(Enumerable.Range(0, random.Next(30)).Select(_ => alphabet[random.Next(alphabet.Length)]).ToArray());
            var expression = Expression.Parse(text, out var error);
            Assert.True(expression is null == error is not null, text);
            Assert.True(expression is null || expression.Names().All(name => name.Length > 0), text);
        }
    }

    internal static Expression Parsed(string text)
    {
        var expression = Expression.Parse(text, out var error);
        Assert.True(expression is not null, $"{text}: {error}");
        return expression;
    }

    internal static Expression Random(Random random, int depth) => depth == 0 || random.Next(5) == 0
        ? random.Next(4) switch
        {
            0 => new Expression.Number(random.Next(100), IsInteger: true),
            1 => new Expression.Number(Math.Round(random.NextDouble(), 3) + 0.0001, IsInteger: false),
            _ => new Expression.Name("abc"[random.Next(3)].ToString()),
        }
        : random.Next(5) == 0 ? new Expression.Negation(Random(random, depth - 1))
        : new Expression.Binary("+-*/"[random.Next(4)], Random(random, depth - 1), Random(random, depth - 1));

    private static double? Value(string name) => name switch { "a" => 2, "b" => 3, "_c" => 5, "config.Dim" => 7, _ => null };
}
