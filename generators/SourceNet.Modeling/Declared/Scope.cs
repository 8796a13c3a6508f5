using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>The names that a declaration's expressions may use: numeric parameters of the primary constructor, constants, static readonly fields.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, (SpecialType Type, bool IsIntegral, double? Constant)> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _freeSizes = [];
    private readonly string _type;

    public Scope(INamedTypeSymbol type)
    {
        _type = type.Name;
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsImplicitlyDeclared))
        {
            if (field.HasConstantValue && field.ConstantValue is { } value && (IsIntegral(field.Type) || IsReal(field.Type)))
            {
                _names[field.Name] = (field.Type.SpecialType, IsIntegral(field.Type), Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
            }
            else if (field is { IsStatic: true, IsReadOnly: true } && (IsIntegral(field.Type) || IsReal(field.Type)))
            {
                _names[field.Name] = (field.Type.SpecialType, IsIntegral(field.Type), null);
            }
        }

        Parameters = PrimaryConstructor(type)?.Parameters.ToList() ?? [];
        foreach (var parameter in Parameters.Where(parameter => IsIntegral(parameter.Type) || IsReal(parameter.Type)))
        {
            _names[parameter.Name] = (parameter.Type.SpecialType, IsIntegral(parameter.Type), null);
        }
    }

    public IReadOnlyList<IParameterSymbol> Parameters { get; }

    public List<Problem> Problems { get; } = [];

    /// <summary>The names without a constant value that expressions used, in order of first use.</summary>
    public IEnumerable<string> UsedArguments => _names.Keys.Where(name => _used.Contains(name) && _names[name].Constant is null);

    public IReadOnlyList<string> FreeSizes => _freeSizes;

    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax));

    /// <summary>A size that was given as a number or as the text of an expression.</summary>
    public Dim Size(object? value, string what, long least, Origin origin, bool allowFree = false)
    {
        switch (value)
        {
            case string text:
                return Expression.Parse(text, out var error) is { } expression
                    ? Size(expression, text, what, least, origin, allowFree)
                    : Report(Graph.Problems.BadExpression(text, error!, origin));
            case sbyte or byte or short or ushort or int or uint or long:
                return AtLeast(Convert.ToInt64(value), what, least, origin);
            case null:
                return Report(Graph.Problems.NotIntegral(what, "nothing", origin));
            default:
                return Report(Graph.Problems.NotIntegral(what, value is double or float ? Graph.Rate.Of(Convert.ToDouble(value)).CSharp : $"'{value}'", origin));
        }
    }

    public Dim Size(Expression expression, string text, string what, long least, Origin origin, bool allowFree = false)
    {
        foreach (var name in expression.Names())
        {
            if (_names.TryGetValue(name, out var known))
            {
                _used.Add(name);
                if (!known.IsIntegral)
                {
                    return Report(Graph.Problems.RealName(text, name, origin));
                }
            }
            else if (allowFree && !_freeSizes.Contains(Escape(name)))
            {
                _freeSizes.Add(Escape(name));
            }
            else if (!_freeSizes.Contains(Escape(name)))
            {
                return Report(Graph.Problems.UnknownName(text, name, _type, origin));
            }
        }

        var size = Polynomial(expression);
        return !size.IsKnown ? Report(Graph.Problems.NotIntegral(what, $"'{text}'", origin))
            : size.Constant is { } constant ? AtLeast(constant, what, least, origin)
            : size;
    }

    /// <summary>A rate or strength that was given as a number or as the text of an expression.</summary>
    public Rate Rate(object? value, string what, Func<double, bool> isInRange, string range, Origin origin)
    {
        Rate rate;
        if (value is string text)
        {
            if (Expression.Parse(text, out var error) is not { } expression)
            {
                Problems.Add(Graph.Problems.BadExpression(text, error!, origin));
                return Graph.Rate.Zero;
            }

            rate = Rate(expression, text, origin);
        }
        else if (value is double or float or int or long)
        {
            rate = Graph.Rate.Of(Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            Problems.Add(Graph.Problems.WrongValue(what, "a number or an expression", value?.ToString() ?? "nothing", origin));
            return Graph.Rate.Zero;
        }

        if (rate.Value is { } number && !isInRange(number))
        {
            Problems.Add(Graph.Problems.OutOfRange(what, range, number, origin));
            return Graph.Rate.Zero;
        }

        return rate;
    }

    public Rate Rate(Expression expression, string text, Origin origin)
    {
        foreach (var name in expression.Names())
        {
            if (!_names.ContainsKey(name))
            {
                Problems.Add(Graph.Problems.UnknownName(text, name, _type, origin));
                return Graph.Rate.Zero;
            }

            _used.Add(name);
        }

        return expression.Evaluate(name => _names[name].Constant) is { } number && !double.IsNaN(number) && !double.IsInfinity(number)
            ? Graph.Rate.Of(number)
            : new Rate(expression.ToString(), RealText(expression), null);
    }

    /// <summary>An argument for a constructor parameter of that type, with a cast where C# does not convert by itself.</summary>
    public string Argument(Expression expression, string text, IParameterSymbol parameter, Origin origin)
    {
        var type = parameter.Type;
        if (IsReal(type))
        {
            var rate = Rate(expression, text, origin);
            return type.SpecialType == SpecialType.System_Double ? rate.CSharp : $"(float)({rate.CSharp})";
        }

        var size = IntegralArgument(expression, text, parameter, origin);
        return IsImplicit(expression, size, type.SpecialType) ? size.ToString() : $"({type.ToDisplayString()})({size})";
    }

    /// <summary>Whether C# converts a size, as it is written, to that type: a number if it fits, sums and products of small types if they are wanted as an int.</summary>
    private bool IsImplicit(Expression expression, Dim size, SpecialType type) =>
        type == SpecialType.System_Int64
        || size.Constant is >= 0 and <= sbyte.MaxValue
        || (type == SpecialType.System_Int32
            && (size.Constant is { } constant ? constant is >= int.MinValue and <= int.MaxValue
                : expression.Names().All(name => _names.TryGetValue(name, out var known)
                    && (known.Constant is not null || known.Type is not (SpecialType.System_Int64 or SpecialType.System_UInt32)))));

    public Dim IntegralArgument(Expression expression, string text, IParameterSymbol parameter, Origin origin) =>
        Size(expression, text, $"The argument for '{parameter.Name}'", long.MinValue, origin);

    /// <summary>Lets expressions use one more whole number, such as the position in a stack, while <paramref name="read"/> runs.</summary>
    public T With<T>(string name, Func<T> read)
    {
        if (_names.ContainsKey(name))
        {
            return read();
        }

        _names[name] = (SpecialType.System_Int32, IsIntegral: true, null);
        try
        {
            return read();
        }
        finally
        {
            _names.Remove(name);
            _used.Remove(name);
        }
    }

    public static bool IsIntegral(ITypeSymbol type) =>
        type.SpecialType is SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64;

    public static bool IsReal(ITypeSymbol type) => type.SpecialType is SpecialType.System_Double or SpecialType.System_Single;

    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private Dim AtLeast(long size, string what, long least, Origin origin) =>
        size >= least ? size : Report(Graph.Problems.TooSmall(what, least, size.ToString(System.Globalization.CultureInfo.InvariantCulture), origin));

    private Dim Report(Problem problem)
    {
        Problems.Add(problem);
        return Dim.Unknown;
    }

    private Dim Polynomial(Expression expression) => expression switch
    {
        Expression.Number { IsInteger: true } number => (long)number.Value,
        Expression.Name name => _names.TryGetValue(name.Identifier, out var known) && known.Constant is { } constant
            ? (long)constant
            : Dim.Symbol(Escape(name.Identifier)),
        Expression.Negation negation => (Dim)0 - Polynomial(negation.Operand),
        Expression.Binary { Operator: '+' } sum => Polynomial(sum.Left) + Polynomial(sum.Right),
        Expression.Binary { Operator: '-' } difference => Polynomial(difference.Left) - Polynomial(difference.Right),
        Expression.Binary { Operator: '*' } product => Polynomial(product.Left) * Polynomial(product.Right),
        Expression.Binary { Operator: '/' } quotient => Polynomial(quotient.Left) / Polynomial(quotient.Right),
        _ => Dim.Unknown,
    };

    /// <summary>The expression over doubles: whole numbers are converted, so that <c>depth / 2</c> does not round.</summary>
    private string RealText(Expression expression) => expression switch
    {
        Expression.Number number => Graph.Rate.Of(number.Value).CSharp,
        Expression.Name name => _names[name.Identifier] switch
        {
            { Constant: { } constant } => Graph.Rate.Of(constant).CSharp,
            { IsIntegral: true } => "(double)" + Escape(name.Identifier),
            _ => Escape(name.Identifier),
        },
        Expression.Negation negation => "-" + RealOperand(negation.Operand),
        Expression.Binary binary => $"{RealOperand(binary.Left)} {binary.Operator} {RealOperand(binary.Right)}",
        _ => "0.0",
    };

    private string RealOperand(Expression expression) => expression is Expression.Binary or Expression.Negation ? $"({RealText(expression)})" : RealText(expression);
}
