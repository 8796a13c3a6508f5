using System.Globalization;

namespace SourceNet.Modeling.Sizes;

/// <summary>
/// A size: a polynomial with integer coefficients over symbols (constructor parameters, free sizes) and quotients.
/// Always in normal form (terms sorted, merged, without zeros), so that equal sizes are equal records. May be <see cref="Unknown"/>.
/// </summary>
public sealed record Dim
{
    /// <summary>Nobody writes larger sizes; without a bound, products and nested quotients could outgrow the compiler's memory.</summary>
    private const int LargestWeight = 200;

    private Dim(EquatableArray<Term> terms, bool isKnown)
    {
        Terms = terms;
        IsKnown = isKnown;
    }

    /// <summary>A size that cannot be told at compile time. It spreads through every operation; nothing is ever reported about it.</summary>
    public static Dim Unknown { get; } = new(default, isKnown: false);

    public EquatableArray<Term> Terms { get; }

    public bool IsKnown { get; }

    /// <summary>The value, if it is a plain number.</summary>
    public long? Constant => !IsKnown ? null
        : Terms.Count == 0 ? 0
        : Terms.Count == 1 && Terms[0].Atoms.Count == 0 ? Terms[0].Coefficient
        : null;

    public static implicit operator Dim(long value) => new(value == 0 ? default : EquatableArray.Of(new Term(value, default)), isKnown: true);

    public static Dim Symbol(string name) => Of(new Atom.Symbol(name));

    /// <summary>The number of its terms and factors, those in quotients included.</summary>
    private int Weight =>
        Terms.Sum(term => 1 + term.Atoms.Sum(atom => atom is Atom.Quotient quotient ? quotient.Numerator.Weight + quotient.Denominator.Weight : 1));

    /// <summary>Every symbol in it, those in quotients included.</summary>
    public IEnumerable<string> Symbols() => Terms.SelectMany(term => term.Atoms).SelectMany(atom => atom.Symbols()).Distinct();

    public static Dim operator +(Dim left, Dim right) =>
        Combine(left, right, static (a, b) => checked(a + b), static (left, right) => left.Terms.Concat(right.Terms));

    public static Dim operator -(Dim left, Dim right) => left + ((Dim)(-1) * right);

    public static Dim operator *(Dim left, Dim right) => Combine(left, right, static (a, b) => checked(a * b), static (left, right) =>
        from a in left.Terms
        from b in right.Terms
        select new Term(checked(a.Coefficient * b.Coefficient), a.Atoms.Concat(b.Atoms).OrderBy(atom => atom.Text, StringComparer.Ordinal).ToEquatableArray()));

    /// <summary>
    /// The quotient rounded down: exact where every term divides or only a number is rounded, else an atom of its own. The text of such an atom
    /// rounds as C# does, towards zero, which is the same: sizes are not negative.
    /// </summary>
    public static Dim operator /(Dim left, Dim right)
    {
        if (!left.IsKnown || !right.IsKnown || right.Constant == 0)
        {
            return Unknown;
        }

        try
        {
            return left.Constant is { } a && right.Constant is { } b ? FloorDivide(a, b)
                : DivideExactly(left, right) ?? (right.Constant is > 0 and var number ? DivideByNumber(left, number) : Quotient(left, right));
        }
        catch (ArithmeticException)
        {
            return Unknown;
        }
    }

    /// <summary>The quotient if it leaves no remainder for any value of the symbols, else null. Only divisors of one term are tried.</summary>
    public static Dim? DivideExactly(Dim left, Dim right)
    {
        if (!left.IsKnown || !right.IsKnown || right.Constant == 0)
        {
            return null;
        }

        if (left == right)
        {
            return 1;
        }

        if (right.Terms.Count != 1 || left.Terms.Concat(right.Terms).Any(term => term.Coefficient == long.MinValue))
        {
            return left.Constant == 0 ? 0 : null;
        }

        var divisor = right.Terms[0];
        var quotient = new List<Term>();
        foreach (var term in left.Terms)
        {
            var atoms = term.Atoms.ToList();
            if (term.Coefficient % divisor.Coefficient != 0 || !divisor.Atoms.All(atoms.Remove))
            {
                return null;
            }

            quotient.Add(new Term(term.Coefficient / divisor.Coefficient, atoms.ToEquatableArray()));
        }

        return Normalize(quotient);
    }

    /// <summary>
    /// Takes what it can out of the quotient, so that what is equal looks equal: <c>(4 * n + 7) / 2</c> is <c>2 * n + 3</c>, and
    /// <c>(n - 1) / 2</c> is <c>(n + 1) / 2 - 1</c>.
    /// </summary>
    private static Dim DivideByNumber(Dim left, long divisor)
    {
        var number = left.Terms.FirstOrDefault(term => term.Atoms.Count == 0)?.Coefficient ?? 0;
        var whole = FloorDivide(number, divisor);
        var rest = left - (whole * divisor);
        return (DivideExactly(left - number, divisor) ?? Quotient(rest, divisor)) + whole;
    }

    private static Dim Quotient(Dim left, Dim right) => left.IsKnown ? Bounded(Of(new Atom.Quotient(left, right))) : Unknown;

    /// <summary>
    /// Whether the two differ for sure: by a number other than 0, or as polynomials over plain symbols. A model must hold for every value of
    /// its parameters, so <c>dim</c> and <c>hidden</c> differ. Quotients stay undecided: <c>(n + 1) / 2</c> may equal <c>n / 2</c>.
    /// </summary>
    public static bool SurelyDiffer(Dim left, Dim right)
    {
        var difference = left - right;
        return difference.IsKnown && difference.Terms.Count > 0 && !difference.Terms.Any(term => term.Atoms.Any(atom => atom is Atom.Quotient));
    }

    /// <summary>Replaces symbols by sizes; a symbol that <paramref name="valueOf"/> does not know stays.</summary>
    public Dim Substitute(Func<string, Dim?> valueOf)
    {
        if (!IsKnown)
        {
            return this;
        }

        Dim sum = 0;
        foreach (var term in Terms)
        {
            Dim product = term.Coefficient;
            foreach (var atom in term.Atoms)
            {
                product *= atom switch
                {
                    Atom.Symbol symbol => valueOf(symbol.Name) ?? Symbol(symbol.Name),
                    Atom.Quotient quotient => quotient.Numerator.Substitute(valueOf) / quotient.Denominator.Substitute(valueOf),
                    _ => Unknown,
                };
            }

            sum += product;
        }

        return sum;
    }

    /// <summary>The size as a C# expression; <c>?</c> if unknown.</summary>
    public override string ToString()
    {
        if (!IsKnown)
        {
            return "?";
        }

        if (Terms.Count == 0)
        {
            return "0";
        }

        var text = string.Join(" + ", Terms.Select(term => term.ToString()));
        return text.Replace("+ -", "- ");
    }

    private static Dim Of(Atom atom) => new(EquatableArray.Of(new Term(1, EquatableArray.Of(atom))), isKnown: true);

    /// <param name="left">One size.</param>
    /// <param name="right">Another.</param>
    /// <param name="numbers">What plain numbers come to. Most sizes are, and all else takes a hundred times as long.</param>
    /// <param name="terms">What polynomials come to.</param>
    private static Dim Combine(Dim left, Dim right, Func<long, long, long> numbers, Func<Dim, Dim, IEnumerable<Term>> terms)
    {
        if (!left.IsKnown || !right.IsKnown)
        {
            return Unknown;
        }

        try
        {
            return left.Constant is { } a && right.Constant is { } b ? numbers(a, b) : Normalize(terms(left, right));
        }
        catch (OverflowException)
        {
            return Unknown;
        }
    }

    private static Dim Normalize(IEnumerable<Term> terms)
    {
        // Higher degrees first, the plain number last: 4 * dim + 1.
        var merged = terms
            .GroupBy(term => term.Atoms)
            .Select(group => new Term(group.Aggregate(0L, (sum, term) => checked(sum + term.Coefficient)), group.Key))
            .Where(term => term.Coefficient != 0)
            .OrderByDescending(term => term.Atoms.Count)
            .ThenBy(term => string.Join("*", term.Atoms.Select(atom => atom.Text)), StringComparer.Ordinal)
            .ToEquatableArray();
        return Bounded(new(merged, isKnown: true));
    }

    private static Dim Bounded(Dim dim) => dim.Weight > LargestWeight ? Unknown : dim;

    private static long FloorDivide(long a, long b) => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    /// <summary>A product of a number and atoms.</summary>
    public sealed record Term(long Coefficient, EquatableArray<Atom> Atoms)
    {
        public override string ToString()
        {
            var factors = Atoms.Select(atom => atom.Text);
            var number = Coefficient.ToString(CultureInfo.InvariantCulture);
            return Atoms.Count == 0 ? number
                : Coefficient == 1 ? string.Join(" * ", factors)
                : Coefficient == -1 ? "-" + string.Join(" * ", factors)
                : number + " * " + string.Join(" * ", factors);
        }
    }

    /// <summary>What a polynomial is over: a symbol, or a quotient that does not come out even.</summary>
    public abstract record Atom
    {
        /// <summary>The atom as a C# expression; the order of atoms in a product.</summary>
        public abstract string Text { get; }

        public abstract IEnumerable<string> Symbols();

        public sealed override string ToString() => Text;

        public sealed record Symbol(string Name) : Atom
        {
            public override string Text => Name;

            public override IEnumerable<string> Symbols() => [Name];
        }

        public sealed record Quotient(Dim Numerator, Dim Denominator) : Atom
        {
            public override string Text => $"({Parenthesized(Numerator)} / {Parenthesized(Denominator)})";

            public override IEnumerable<string> Symbols() => Numerator.Symbols().Concat(Denominator.Symbols());

            private static string Parenthesized(Dim dim) => dim.Terms.Count > 1
                || dim.Terms.Any(term => term.Atoms.Count + 1 > 2 || (term.Atoms.Count == 1 && term.Coefficient != 1)) ? $"({dim})" : dim.ToString();
        }
    }
}
