using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>
/// The names that a declaration's expressions may use: numeric parameters of the primary constructor, numbers of a parameter that is a record or class of them
/// (<c>config.Dim</c>), constants, static readonly fields.
/// </summary>
internal sealed class Scope
{
    private readonly Dictionary<string, (SpecialType Type, double? Constant)> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly List<string> _freeSizes = [];

    public Scope(INamedTypeSymbol type, StackedModels stacked)
    {
        Type = type;
        Stacked = stacked;
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsImplicitlyDeclared))
        {
            if (field.HasConstantValue && field.ConstantValue is { } value && (IsIntegral(field.Type) || IsReal(field.Type)))
            {
                _names[field.Name] = (field.Type.SpecialType, Convert.ToDouble(value, CultureInfo.InvariantCulture));
            }
            else if (field is { IsStatic: true, IsReadOnly: true } && (IsIntegral(field.Type) || IsReal(field.Type)))
            {
                _names[field.Name] = (field.Type.SpecialType, null);
            }
        }

        Parameters = PrimaryConstructor(type)?.Parameters.ToList() ?? [];
        foreach (var parameter in Parameters.Where(parameter => IsIntegral(parameter.Type) || IsReal(parameter.Type)))
        {
            _names[parameter.Name] = (parameter.Type.SpecialType, null);
        }
    }

    public INamedTypeSymbol Type { get; }

    public StackedModels Stacked { get; }

    public IReadOnlyList<IParameterSymbol> Parameters { get; }

    public List<Problem> Problems { get; } = [];

    /// <summary>The names without a constant value that expressions used: static fields, then parameters, each in order of declaration.</summary>
    public IEnumerable<string> UsedArguments => _names.Keys.Where(name => _used.Contains(name) && _names[name].Constant is null);

    public IReadOnlyList<string> FreeSizes => _freeSizes;

    public static IMethodSymbol? PrimaryConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.FirstOrDefault(
            constructor => constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax));

    /// <summary>Whether the name is a number of the class.</summary>
    public bool Knows(string name) => TryFind(name, out _);

    /// <summary>The parameter of the primary constructor that an expression names and nothing else.</summary>
    public IParameterSymbol? Parameter(Expression expression) =>
        expression is Expression.Name name ? Parameters.FirstOrDefault(parameter => parameter.Name == name.Identifier) : null;

    /// <summary>The whole numbers that a parameter has as members, as expressions name them.</summary>
    public static IEnumerable<string> SizesOf(IParameterSymbol parameter) =>
        NumbersOf(parameter).Where(number => IsIntegral(number.Type)).Select(number => number.Name);

    private bool TryFind(string name, out (SpecialType Type, double? Constant) known)
    {
        if (_names.TryGetValue(name, out known))
        {
            return true;
        }

        var dot = name.IndexOf('.');
        if (dot < 0 || Parameters.FirstOrDefault(parameter => parameter.Name == name.Substring(0, dot)) is not { } parameter)
        {
            return false;
        }

        var member = NumbersOf(parameter).FirstOrDefault(number => number.Name == name.Substring(dot + 1));
        if (member.Type is null)
        {
            return false;
        }

        _names[name] = known = (member.Type.SpecialType, null);
        return true;
    }

    /// <summary>What a record or class has of numbers that the class with the parameter may read.</summary>
    private static IEnumerable<(string Name, ITypeSymbol Type)> NumbersOf(IParameterSymbol parameter)
    {
        for (var current = parameter.Type; current is { TypeKind: TypeKind.Class or TypeKind.Struct, SpecialType: SpecialType.None }; current = current.BaseType)
        {
            var isNear = SymbolEqualityComparer.Default.Equals(current.ContainingAssembly, parameter.ContainingAssembly);
            foreach (var member in current.GetMembers().Where(member => !member.IsStatic
                && (member.DeclaredAccessibility is Accessibility.Public || (isNear && member.DeclaredAccessibility is Accessibility.Internal))))
            {
                var numeric = member switch
                {
                    IPropertySymbol { GetMethod: not null, Parameters.Length: 0 } property => property.Type,
                    IFieldSymbol field => field.Type,
                    _ => null,
                };
                if (numeric is not null && (IsIntegral(numeric) || IsReal(numeric)))
                {
                    yield return (member.Name, numeric);
                }
            }
        }
    }

    /// <summary>A size that was given as a number or as the text of an expression.</summary>
    public Dim Size(object? value, string what, long least, Origin origin, OpenSizes open = OpenSizes.None)
    {
        switch (value)
        {
            case string text:
                return Expression.Parse(text, out var error) is { } expression
                    ? Size(expression, text, what, least, origin, open)
                    : Report(Graph.Problems.BadExpression(text, error!, origin));
            case sbyte or byte or short or ushort or int or uint or long:
                return AtLeast(Convert.ToInt64(value), what, least, origin);
            case null:
                return Report(Graph.Problems.NotIntegral(what, "nothing", origin));
            default:
                return Report(Graph.Problems.NotIntegral(
                    what,
                    value is double or float ? Graph.Rate.Of(Convert.ToDouble(value, CultureInfo.InvariantCulture)).CSharp : $"'{value}'",
                    origin));
        }
    }

    public Dim Size(Expression expression, string text, string what, long least, Origin origin, OpenSizes open = OpenSizes.None)
    {
        foreach (var name in expression.Names())
        {
            if (TryFind(name, out var known))
            {
                _used.Add(name);
                if (!IsIntegral(known.Type))
                {
                    return Report(Graph.Problems.RealName(text, name, origin));
                }
            }
            else if (open == OpenSizes.None || (open == OpenSizes.Used && !_freeSizes.Contains(Escape(name))))
            {
                return Report(Graph.Problems.UnknownName(text, name, Type.Name, origin));
            }
            else if (!_freeSizes.Contains(Escape(name)))
            {
                _freeSizes.Add(Escape(name));
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
        switch (value)
        {
            case string text:
                if (Expression.Parse(text, out var error) is { } expression)
                {
                    return Rate(expression, text, what, isInRange, range, origin);
                }

                Problems.Add(Graph.Problems.BadExpression(text, error!, origin));
                return Graph.Rate.Zero;
            case double or float or sbyte or byte or short or ushort or int or uint or long or ulong:
                return Rate(Convert.ToDouble(value, CultureInfo.InvariantCulture), what, isInRange, range, origin);
            default:
                Problems.Add(Graph.Problems.WrongValue(what, "a number or an expression", value?.ToString() ?? "nothing", origin));
                return Graph.Rate.Zero;
        }
    }

    private Rate Rate(Expression expression, string text, string what, Func<double, bool> isInRange, string range, Origin origin)
    {
        foreach (var name in expression.Names())
        {
            if (!TryFind(name, out _))
            {
                Problems.Add(Graph.Problems.UnknownName(text, name, Type.Name, origin));
                return Graph.Rate.Zero;
            }

            _used.Add(name);
        }

        if (DividesBy0(expression))
        {
            Problems.Add(Graph.Problems.DividesBy0(text, origin));
            return Graph.Rate.Zero;
        }

        return expression.Evaluate(name => _names[name].Constant) is { } number
            ? Rate(number, what, isInRange, range, origin)
            : new Rate(expression.ToString(), RealText(expression), null) { Formula = expression };
    }

    private bool DividesBy0(Expression expression) => expression switch
    {
        Expression.Binary { Operator: '/' } quotient when quotient.Right.Evaluate(name => _names[name].Constant) == 0 => true,
        Expression.Binary binary => DividesBy0(binary.Left) || DividesBy0(binary.Right),
        Expression.Negation negation => DividesBy0(negation.Operand),
        Expression.Root root => DividesBy0(root.Operand),
        _ => false,
    };

    private Rate Rate(double number, string what, Func<double, bool> isInRange, string range, Origin origin)
    {
        if (!double.IsNaN(number) && !double.IsInfinity(number) && isInRange(number))
        {
            return Graph.Rate.Of(number);
        }

        Problems.Add(Graph.Problems.OutOfRange(what, range, number, origin));
        return Graph.Rate.Zero;
    }

    /// <summary>
    /// An argument for a constructor parameter, with a cast where C# does not convert a number by itself; and its size if the parameter is a whole number.
    /// </summary>
    public (string CSharp, Dim? Size) Argument(Expression expression, string text, IParameterSymbol parameter, Origin origin)
    {
        var type = parameter.Type;
        if (!IsReal(type) && !IsIntegral(type))
        {
            // A parameter of the same type is handed on.
            return (Escape(((Expression.Name)expression).Identifier), null);
        }

        var what = $"The argument for '{parameter.Name}'";
        if (IsReal(type))
        {
            var rate = Rate(expression, text, what, _ => true, "a finite number", origin).CSharp;
            return (type.SpecialType == SpecialType.System_Double ? rate : $"(float)({rate})", null);
        }

        var size = Size(expression, text, what, long.MinValue, origin);
        return (IsImplicit(expression, size, type.SpecialType) ? size.ToString() : $"checked(({type.ToDisplayString()})({size}))", size);
    }

    /// <summary>
    /// Whether C# converts a size, as it is written, to that type: a number if it fits, sums and products of small types if they are wanted as an int.
    /// </summary>
    private bool IsImplicit(Expression expression, Dim size, SpecialType type)
    {
        var names = expression.Names().Select(name => _names.TryGetValue(name, out var known) ? known : default).Where(known => known.Constant is null);
        return type == SpecialType.System_Int64
            || size.Constant is >= 0 and <= sbyte.MaxValue
            || (expression is Expression.Name && names.Any(known => known.Type == type))
            || (type == SpecialType.System_Int32 && (size.Constant is { } constant
                ? constant is >= int.MinValue and <= int.MaxValue
                : names.All(known => known.Type is not (SpecialType.System_Int64 or SpecialType.System_UInt32))));
    }

    /// <summary>Lets expressions use one more whole number, such as the position in a stack, while <paramref name="read"/> runs.</summary>
    public T With<T>(string name, Func<T> read)
    {
        if (_names.ContainsKey(name))
        {
            return read();
        }

        _names[name] = (SpecialType.System_Int32, null);
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

    public static bool IsIntegral(ITypeSymbol type) => IsIntegral(type.SpecialType);

    public static bool IsReal(ITypeSymbol type) => IsReal(type.SpecialType);

    private static bool IsIntegral(SpecialType type) =>
        type is SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16
            or SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64;

    private static bool IsReal(SpecialType type) => type is SpecialType.System_Double or SpecialType.System_Single;

    public static string Escape(string name) => Naming.EscapeKeyword(name);

    private Dim AtLeast(long size, string what, long least, Origin origin) =>
        size >= least ? size : Report(Graph.Problems.TooSmall(what, least, size.ToString(CultureInfo.InvariantCulture), origin));

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
            { Type: var type } when IsReal(type) => Escape(name.Identifier),
            _ => "(double)" + Escape(name.Identifier),
        },
        Expression.Negation negation => "-" + RealOperand(negation.Operand),
        Expression.Root root => $"global::System.Math.Sqrt({RealText(root.Operand)})",
        Expression.Binary binary => $"{RealOperand(binary.Left)} {binary.Operator} {RealOperand(binary.Right)}",
        _ => "0.0",
    };

    /// <summary>In parentheses where an operator, or the sign of a constant, could be taken for another one's.</summary>
    private string RealOperand(Expression expression) =>
        RealText(expression) is var text && (expression is Expression.Binary || text[0] == '-') ? $"({text})" : text;
}
