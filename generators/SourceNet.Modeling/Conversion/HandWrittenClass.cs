using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Recognized;

namespace SourceNet.Modeling.Conversion;

/// <summary>
/// What the source of a hand-written module says beside its graph: which field holds which part and how it is made, and what else the constructor does.
/// </summary>
internal sealed class HandWrittenClass
{
    private readonly SemanticModel _model;
    private readonly CancellationToken _cancellation;
    private readonly List<ConvertedPart> _parts = [];
    private readonly List<SyntaxNode> _rest = [];
    private readonly HashSet<string> _preparedNames = [];

    private HandWrittenClass(INamedTypeSymbol type, ClassDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellation)
    {
        (Type, Declaration, _model, _cancellation) = (type, declaration, model, cancellation);
        Constructor = declaration.Members.OfType<ConstructorDeclarationSyntax>().FirstOrDefault(constructor =>
            !constructor.Modifiers.Any(SyntaxKind.StaticKeyword));
    }

    public INamedTypeSymbol Type { get; }

    public ClassDeclarationSyntax Declaration { get; }

    /// <summary>The constructor, unless it is a primary one or there is none.</summary>
    public ConstructorDeclarationSyntax? Constructor { get; }

    /// <summary>The fields of an object.</summary>
    public IReadOnlyList<ConvertedPart> Parts => _parts;

    /// <summary>What the constructor does besides making the parts, which has to go on being done.</summary>
    public IReadOnlyList<SyntaxNode> Rest => _rest;

    /// <summary>The variables that the constructor has while it makes the parts.</summary>
    public IReadOnlyCollection<string> PreparedNames => _preparedNames;

    /// <summary>What the constructor does to get the parts ready, which goes with them.</summary>
    public IEnumerable<SyntaxNode> Preparations => Statements().Where(statement => !_rest.Contains(statement));

    public IEnumerable<ParameterSyntax> Parameters =>
        (Constructor?.ParameterList ?? Declaration.ParameterList)?.Parameters ?? Enumerable.Empty<ParameterSyntax>();

    /// <summary>Reads a class. Returns what keeps it as a whole from being converted, in words.</summary>
    public static string? Read(
        INamedTypeSymbol type,
        ClassDeclarationSyntax declaration,
        SemanticModel model,
        CancellationToken cancellation,
        out HandWrittenClass source)
    {
        source = new HandWrittenClass(type, declaration, model, cancellation);
        return source.ReadConstructor() ?? source.ReadParts();
    }

    private string? ReadConstructor()
    {
        var count = Type.InstanceConstructors.Count(constructor => !constructor.IsImplicitlyDeclared);
        if (count > 1)
        {
            return $"'{Type.Name}' has {count} constructors: a declared model is made by one, the primary constructor";
        }

        if (Constructor is not null && Constructor.Initializer is not { RawKind: (int)SyntaxKind.BaseConstructorInitializer })
        {
            return $"the constructor of '{Type.Name}' does not call that of nn.Module";
        }

        var statements = Statements().ToList();
        for (var i = 0; i < statements.Count; i++)
        {
            if (MakesPart(statements[i]) || IsRegistration(statements[i]))
            {
                continue;
            }

            if (Prepares(statements[i]))
            {
                _preparedNames.UnionWith(statements[i].DescendantNodesAndSelf().OfType<VariableDeclaratorSyntax>().Select(local => local.Identifier.ValueText));
                continue;
            }

            // The parts are made before the body of a constructor runs.
            if (RegistersOrMakes(statements[i]) || statements.Skip(i + 1).Any(MakesPart))
            {
                return MoreThanParts(statements[i]);
            }

            _rest.Add(statements[i]);
        }

        return _rest.FirstOrDefault(statement => Names(statement).Any(_preparedNames.Contains)) is { } mixed ? MoreThanParts(mixed) : HeldByProperty();
    }

    private string MoreThanParts(SyntaxNode statement) => $"the constructor of '{Type.Name}' does more than make its parts: {FirstLine(statement)}";

    private string? HeldByProperty() => Type
        .GetMembers()
        .OfType<IPropertySymbol>()
        .FirstOrDefault(property => Symbols.IsModule(property.Type)) is { } held
        ? $"a property holds a module, and its name in the state_dict is not its own: {held.Name}"
        : null;

    /// <summary>A statement as a person would quote it.</summary>
    public static string FirstLine(SyntaxNode statement) => statement.ToString().Split('\n')[0].Trim();

    /// <summary>The names that code uses, but for those of members of other objects.</summary>
    public static IEnumerable<string> Names(SyntaxNode code) => code
        .DescendantNodesAndSelf()
        .OfType<IdentifierNameSyntax>()
        .Where(name => name.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression == name || access.Expression is ThisExpressionSyntax,
            NameColonSyntax or NameEqualsSyntax => false,
            _ => true,
        })
        .Select(name => name.Identifier.ValueText);

    /// <summary>The statements of the constructor; of those that are only an expression, that.</summary>
    private IEnumerable<SyntaxNode> Statements() =>
        Constructor is null ? []
        : Constructor.ExpressionBody is { } arrow ? [arrow.Expression]
        : Constructor.Body?.Statements.Select(statement => (statement as ExpressionStatementSyntax)?.Expression ?? (SyntaxNode)statement) ?? [];

    private bool MakesPart(SyntaxNode statement) =>
        statement is InvocationExpressionSyntax ? Registered(statement) is not null : Assigned(statement) is not null;

    private static bool IsRegistration(SyntaxNode statement) => statement is InvocationExpressionSyntax call && NameOf(call) == "RegisterComponents";

    /// <summary>The field that a statement gives its value.</summary>
    private IFieldSymbol? Assigned(SyntaxNode statement) =>
        statement is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment ? Field(assignment.Left) : null;

    /// <summary>The field that a statement registers under a name of its own.</summary>
    private IFieldSymbol? Registered(SyntaxNode statement) =>
        statement is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax }, { Expression: var module }] } call
        && NameOf(call) == "register_module"
            ? Field(module is AssignmentExpressionSyntax made ? made.Left : module)
            : null;

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>Whether a statement does in a nested place what the graph's reader follows and a declaration cannot say.</summary>
    private bool RegistersOrMakes(SyntaxNode statement) => statement
        .DescendantNodesAndSelf()
        .Any(node => (node is InvocationExpressionSyntax call && NameOf(call) is "RegisterComponents" or "register_module" or "register_buffer")
            || (node is AssignmentExpressionSyntax assignment && Field(assignment.Left) is { } field && TorchTypes.Carries(field.Type)));

    /// <summary>Whether all that a statement does is to make variables of the constructor, or change them.</summary>
    private bool Prepares(SyntaxNode statement)
    {
        var nodes = statement.DescendantNodesAndSelf().ToList();
        return nodes.OfType<IdentifierNameSyntax>().All(name => !IsPart(name))
            && !nodes.OfType<ReturnStatementSyntax>().Any()
            && nodes.OfType<AssignmentExpressionSyntax>().All(assignment => IsLocal(assignment.Left))
            && (statement is LocalDeclarationStatementSyntax
                || (nodes.Any(node => node is IdentifierNameSyntax name && IsLocal(name))
                    && nodes
                        .OfType<InvocationExpressionSyntax>()
                        .All(call => call.DescendantNodes().OfType<IdentifierNameSyntax>().Any(IsLocal) || !IsEffect(call)))
                || IsGuardOfFields(statement));
    }

    /// <summary>Whether a call stands by itself, so that its result is not what it is for.</summary>
    private static bool IsEffect(InvocationExpressionSyntax call) => call.Parent is ExpressionStatementSyntax or null;

    /// <summary>Whether a statement throws if fields that nobody can set are wrong.</summary>
    private bool IsGuardOfFields(SyntaxNode statement) =>
        statement is IfStatementSyntax { Else: null, Statement: ThrowStatementSyntax or BlockSyntax { Statements: [ThrowStatementSyntax] } } guard
        && Names(guard.Condition).All(name => Parameters.All(parameter => parameter.Identifier.ValueText != name));

    private bool IsPart(IdentifierNameSyntax name) =>
        _model.GetSymbolInfo(name, _cancellation).Symbol is IFieldSymbol field && IsOwn(field) && TorchTypes.Carries(field.Type);

    private bool IsLocal(ExpressionSyntax expression) => expression switch
    {
        ElementAccessExpressionSyntax element => IsLocal(element.Expression),
        MemberAccessExpressionSyntax access => IsLocal(access.Expression),
        _ => _model.GetSymbolInfo(expression, _cancellation).Symbol is ILocalSymbol,
    };

    private bool IsOwn(IFieldSymbol field) => !field.IsStatic && SymbolEqualityComparer.Default.Equals(field.ContainingType, Type);

    /// <summary>The field of the class that an expression names; null for anything else.</summary>
    public IFieldSymbol? Field(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
        && _model.GetSymbolInfo(expression, _cancellation).Symbol is IFieldSymbol field
        && IsOwn(field)
            ? field
            : null;

    /// <summary>Finds how each part is made. Returns why that cannot be told.</summary>
    private string? ReadParts()
    {
        var assigned = new Dictionary<string, ExpressionSyntax>();
        var registered = new Dictionary<string, string>();
        foreach (var statement in Statements().Where(MakesPart))
        {
            var assignment = statement as AssignmentExpressionSyntax;
            if (statement is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax name }, { Expression: var module }] })
            {
                assignment = module as AssignmentExpressionSyntax;
                registered[Registered(statement)!.Name] = name.Token.ValueText;
            }

            if (assignment is not null)
            {
                var field = Field(assignment.Left)!.Name;
                if (assigned.ContainsKey(field))
                {
                    return $"the constructor gives '{field}' two values";
                }

                assigned[field] = assignment.Right;
            }
        }

        foreach (var field in Type
            .GetMembers()
            .OfType<IFieldSymbol>()
            .Where(field => field is { IsStatic: false, IsImplicitlyDeclared: false, IsConst: false }))
        {
            var initializer = (field.DeclaringSyntaxReferences[0].GetSyntax(_cancellation) as VariableDeclaratorSyntax)?.Initializer?.Value;
            var made = assigned.TryGetValue(field.Name, out var expression) ? expression : initializer;
            if (made is null && TorchTypes.CarriesModules(field.Type))
            {
                return $"'{field.Name}' gets no value in the constructor";
            }

            // Registering by hand and by RegisterComponents gives two names.
            var name = registered.TryGetValue(field.Name, out var stated) ? stated : field.Name;
            if (name != field.Name && Statements().Any(IsRegistration))
            {
                return $"'{field.Name}' is registered as '{stated}' and by RegisterComponents";
            }

            _parts.Add(new ConvertedPart(field, made, name));
        }

        return null;
    }
}
