using System.Numerics;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Tests.Sizes;

public class DimTests
{
    private static readonly Dim s_n = Dim.Symbol("n");
    private static readonly Dim s_m = Dim.Symbol("m");

    [Fact]
    public void Random_polynomials_obey_the_laws_of_a_ring()
    {
        var random = new Random(1);
        for (var i = 0; i < 250; i++)
        {
            var (a, b, c) = (RandomSize.Polynomial(random).Dim, RandomSize.Polynomial(random).Dim, RandomSize.Polynomial(random).Dim);
            Assert.Equal(a + b, b + a);
            Assert.Equal(a * b, b * a);
            Assert.Equal(a + (b + c), a + b + c);
            Assert.Equal(a * (b * c), a * b * c);
            Assert.Equal(a * (b + c), (a * b) + (a * c));
            Assert.Equal(0, a - a);
            Assert.Equal(a, a + 0);
            Assert.Equal(a, a * 1);
            Assert.Equal(0, a * 0);
            Assert.Equal(a, a + b - b);
            Assert.Equal((a + b).GetHashCode(), (b + a).GetHashCode());
        }
    }

    [Fact]
    public void Random_sizes_have_the_value_of_the_integers_they_stand_for()
    {
        var random = new Random(2);
        for (var i = 0; i < 800; i++)
        {
            var size = RandomSize.WithQuotients(random);
            for (var sample = 0; sample < 4; sample++)
            {
                var values = RandomSize.Values(random);
                if (size.Value(values) is { } expected && size.Dim.IsKnown)
                {
                    Assert.Equal(expected, RandomSize.Substituted(size.Dim, values));
                }
            }
        }
    }

    [Fact]
    public void Substituting_sizes_for_symbols_is_the_same_as_building_with_them()
    {
        var random = new Random(3);
        for (var i = 0; i < 250; i++)
        {
            var outer = RandomSize.Polynomial(random);
            var inner = RandomSize.Polynomial(random);
            var composed = outer.Dim.Substitute(name => name == "a" ? inner.Dim : null);
            if (!composed.IsKnown)
            {
                continue; // too large to be kept
            }

            var values = RandomSize.Values(random);
            var innerValue = inner.Value(values)!.Value;
            var expected = outer.Value(new Dictionary<string, BigInteger>(values) { ["a"] = innerValue })!.Value;
            Assert.Equal(expected, RandomSize.Substituted(composed, values));
        }
    }

    [Fact]
    public void Exact_division_undoes_multiplication_by_one_term()
    {
        var random = new Random(4);
        for (var i = 0; i < 250; i++)
        {
            var a = RandomSize.Polynomial(random).Dim;
            var divisor = (Dim)random.Next(1, 9) * (random.Next(2) == 0 ? 1 : s_n) * (random.Next(2) == 0 ? 1 : s_m);
            Assert.Equal(a, Dim.DivideExactly(a * divisor, divisor));
            Assert.Equal(a, a * divisor / divisor);
        }
    }

    [Fact]
    public void A_polynomial_divides_itself()
    {
        Assert.Equal(1, Dim.DivideExactly(s_n + s_m, s_n + s_m));
        Assert.Equal(1, (s_n + s_m) / (s_n + s_m));
    }

    [Fact]
    public void What_leaves_a_remainder_does_not_divide_exactly()
    {
        Assert.Null(Dim.DivideExactly(s_n, 2));
        Assert.Null(Dim.DivideExactly((s_n * 2) + 1, 2));
        Assert.Null(Dim.DivideExactly(s_n, s_m));
        Assert.Null(Dim.DivideExactly(7, 2));
        Assert.Null(Dim.DivideExactly(s_n, 0));
        Assert.Null(Dim.DivideExactly(0, 0));
        Assert.Null(Dim.DivideExactly(Dim.Unknown, 2));
        Assert.Null(Dim.DivideExactly(Dim.Unknown, Dim.Unknown));
    }

    [Theory]
    [InlineData(7, 2, 3)]
    [InlineData(-7, 2, -4)]
    [InlineData(-1, 2, -1)]
    [InlineData(6, -4, -2)]
    [InlineData(-6, 3, -2)]
    [InlineData(0, 5, 0)]
    public void Numbers_divide_rounded_down(long a, long b, long expected) => Assert.Equal(expected, (Dim)a / b);

    [Fact]
    public void What_divides_leaves_the_quotient_and_a_number_is_rounded_in_it()
    {
        Assert.Equal(s_n, ((s_n * 2) + 1) / 2);
        Assert.Equal(s_n - 1, ((s_n * 2) - 1) / 2);
        Assert.Equal((s_n * s_m * 2) + 3, ((s_n * s_m * 4) + 7) / 2);
        Assert.Equal(0, (Dim)0 / (s_n + 1));
        Assert.Equal((s_n + 1) / 2, ((s_n - 1) / 2) + 1);
        Assert.Equal((s_n / 2) + 3, (s_n + 6) / 2);
    }

    [Fact]
    public void Quotients_are_equal_by_what_they_divide()
    {
        Assert.Equal((s_n + 1) / 2, (1 + s_n) / 2);
        Assert.NotEqual((s_n + 1) / 2, s_n / 2);
        Assert.Equal(["m", "n"], (s_m + ((s_n + 1) / (s_m * 3))).Symbols().Order());
        Assert.Equal(4, ((s_n + 1) / 2).Substitute(name => 7).Constant);
    }

    [Fact]
    public void Division_by_zero_is_unknown()
    {
        Assert.False((s_n / 0).IsKnown);
        Assert.False((s_n / (s_m - s_m)).IsKnown);
        Assert.False((s_n / (s_m + 1)).Substitute(name => name == "m" ? -1 : null).IsKnown);
    }

    [Fact]
    public void Unknown_spreads_and_is_never_said_to_differ()
    {
        foreach (var result in new[]
        {
            Dim.Unknown + s_n,
            s_n - Dim.Unknown,
            Dim.Unknown * 0,
            Dim.Unknown / s_n,
            s_n / Dim.Unknown,
            Dim.Unknown.Substitute(_ => 1),
            s_n.Substitute(_ => Dim.Unknown)
        })
        {
            Assert.Equal(Dim.Unknown, result);
            Assert.False(Dim.SurelyDiffer(result, 3));
            Assert.Null(result.Constant);
            Assert.Equal("?", result.ToString());
        }
    }

    [Fact]
    public void Overflow_is_unknown_and_never_thrown()
    {
        Dim largest = long.MaxValue, smallest = long.MinValue;

        Assert.False((largest + 1).IsKnown);
        Assert.False((largest * s_n * 2).IsKnown);
        Assert.False((smallest - 1).IsKnown);
        Assert.False((0 - smallest).IsKnown);
        Assert.False((smallest / -1).IsKnown);
        Assert.Null(Dim.DivideExactly(smallest, -1));
        Assert.Null(Dim.DivideExactly(smallest * s_n, -1));
        Assert.False((largest * s_n).Substitute(_ => 2).IsKnown);
        Assert.False(Dim.SurelyDiffer(smallest, largest));
    }

    [Fact]
    public void Growth_is_bounded()
    {
        var sum = Enumerable.Range(0, 12).Aggregate((Dim)0, (all, i) => all + Dim.Symbol($"x{i}"));
        Assert.True(sum.IsKnown);
        Assert.False((sum * sum).IsKnown);

        var (power, nested) = (s_n, s_n);
        for (var i = 0; i < 60; i++)
        {
            power *= power;
            nested = (nested + 1) / (nested + 2);
        }

        Assert.False(power.IsKnown);
        Assert.False(nested.IsKnown);
    }

    [Fact]
    public void Distinct_polynomials_differ_because_a_model_holds_for_every_value()
    {
        Assert.True(Dim.SurelyDiffer(s_n, s_m));
        Assert.True(Dim.SurelyDiffer(s_n, s_n + 1));
        Assert.True(Dim.SurelyDiffer(s_n, 2 * s_n));
        Assert.True(Dim.SurelyDiffer(3, 4));
        Assert.False(Dim.SurelyDiffer(s_n + s_m, s_m + s_n));
        Assert.False(Dim.SurelyDiffer((s_n + 1) / 2, s_n / 2));
        Assert.True(Dim.SurelyDiffer(s_n / 2, (s_n / 2) + 1));
    }

    [Fact]
    public void What_surely_differs_is_not_the_same_function()
    {
        var random = new Random(5);
        var claims = 0;
        for (var i = 0; i < 1200; i++)
        {
            var left = RandomSize.WithQuotients(random);
            var right = random.Next(2) == 0 ? RandomSize.WithQuotients(random) : RandomSize.Rearranged(left, random);
            if (!Dim.SurelyDiffer(left.Dim, right.Dim))
            {
                continue;
            }

            claims++;
            var values = Enumerable.Range(0, 30)
                .Select(_ => RandomSize.Values(random))
                .Where(sample => left.Value(sample) is not null && right.Value(sample) is not null)
                .ToList();
            Assert.Contains(values, sample => left.Value(sample) != right.Value(sample));
            if ((left.Dim - right.Dim).Constant is { } difference)
            {
                Assert.All(values, sample => Assert.Equal(difference, left.Value(sample) - right.Value(sample)));
            }
        }

        Assert.InRange(claims, 40, 1100);
    }

    [Theory]
    [InlineData("4 * dim + 1", "4 * dim + 1")]
    [InlineData("1 + dim * 4", "4 * dim + 1")]
    [InlineData("b * a - 2", "a * b - 2")]
    [InlineData("-a", "-a")]
    [InlineData("3 - a", "-a + 3")]
    [InlineData("a - a", "0")]
    [InlineData("n / 2", "(n / 2)")]
    [InlineData("(n + 1) / 2", "((n + 1) / 2)")]
    [InlineData("n / (2 * m)", "(n / (2 * m))")]
    [InlineData("n * m / (n + 1)", "((m * n) / (n + 1))")]
    [InlineData("1 - n / 2", "-(n / 2) + 1")]
    [InlineData("n / 2 / 3", "((n / 2) / 3)")]
    public void Is_written_as_a_person_would(string text, string expected) =>
        Assert.Equal(expected, RandomSize.Of(ExpressionTests.Parsed(text)).Dim.ToString());
}
