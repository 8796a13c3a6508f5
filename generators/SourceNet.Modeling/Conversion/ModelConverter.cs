using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Conversion;

/// <summary>
/// Writes a hand-written module as a declared model that computes the same and has the same names in its state_dict. Layers become blocks; what no attribute
/// says exactly stays a part written by hand; the forward calls blocks instead of fields, and is left out where it only chains them.
/// </summary>
public sealed class ModelConverter
{
    private readonly Compilation _compilation;
    private readonly INamedTypeSymbol _type;
    private readonly ClassDeclarationSyntax _declaration;
    private readonly SemanticModel _model;
    private readonly CodeBodies _bodies;
    private readonly CancellationToken _cancellation;
    private readonly List<ConvertedPart> _parts = [];
    private readonly HashSet<string> _names;
    private ConstructorDeclarationSyntax? _constructor;

    private ModelConverter(Compilation compilation, INamedTypeSymbol type, ClassDeclarationSyntax declaration, CancellationToken cancellation)
    {
        (_compilation, _type, _declaration, _cancellation) = (compilation, type, declaration, cancellation);
        _model = compilation.GetSemanticModel(declaration.SyntaxTree);
        _bodies = CodeBodies.Of(compilation);
        _names = new(type
            .GetMembers()
            .Select(member => member.Name)) { type.Name, "Loss", "Plan", "Summary", "ParameterGroups", "CreateOptimizer", "CreateSgd", "RegisterLayers" };
    }

    /// <summary>Whether a class is one that can be tried: a module of one tensor that is no declared model yet.</summary>
    public static bool IsCandidate(INamedTypeSymbol type) =>
        !ModelReader.IsModel(type)
        && type is { IsGenericType: false, IsAbstract: false, BaseType: { Name: "Module", ContainingType.Name: "nn", TypeArguments: [var input, var output] } }
        && Symbols.IsTensor(input) && Symbols.IsTensor(output)
        && Interpreter.ForwardOf(type, 1) is not null;

    /// <summary>Converts a class.</summary>
    /// <param name="compilation">What it lies in.</param>
    /// <param name="type">The class.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static Conversion Convert(Compilation compilation, INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (!IsCandidate(type))
        {
            return Conversion.Prevented($"'{type.Name}' is no class that derives directly from nn.Module<Tensor, Tensor> and overrides its forward");
        }

        return type.DeclaringSyntaxReferences is [var only] && only.GetSyntax(cancellation) is ClassDeclarationSyntax declaration
            ? new ModelConverter(compilation, type, declaration, cancellation).Convert()
            : Conversion.Prevented($"'{type.Name}' is declared in several parts");
    }

    private Conversion Convert()
    {
        if (Obstacle() is { } obstacle)
        {
            return Conversion.Prevented(obstacle);
        }

        var interpreter = new Interpreter(_bodies, NoModels.Instance, readsParts: true, _cancellation);
        var instance = interpreter.Construct(_type, _type.InstanceConstructors.OrderByDescending(constructor => constructor.Parameters.Length).First(), null);
        var values = interpreter.Members()[instance.Id].ToDictionary(pair => pair.Member, pair => pair.Value, SymbolEqualityComparer.Default);
        if (ReadParts(values) is { } unreadable)
        {
            return Conversion.Prevented(unreadable);
        }

        foreach (var candidate in new[] { Chained(), Composed(interpreter) })
        {
            if (candidate is not null && IsValid(candidate))
            {
                return Conversion.To(candidate);
            }
        }

        return Conversion.Prevented($"no layer of '{_type.Name}' can be said by an attribute");
    }

    /// <summary>What keeps the class as a whole from being converted.</summary>
    private string? Obstacle()
    {
        var constructors = _declaration.Members.OfType<ConstructorDeclarationSyntax>().ToList();
        if (constructors.Count > 1)
        {
            return $"'{_type.Name}' has {constructors.Count} constructors: a declared model has one, the primary constructor";
        }

        _constructor = constructors.FirstOrDefault();
        if (_constructor is not null && _constructor.Initializer is not { RawKind: (int)SyntaxKind.BaseConstructorInitializer })
        {
            return $"the constructor of '{_type.Name}' does not call that of nn.Module";
        }

        if (Statements(_constructor).FirstOrDefault(statement => !IsUnderstood(statement)) is { } statement)
        {
            return $"the constructor of '{_type.Name}' does more than make its parts: {statement.ToString().Split('\n')[0].Trim()}";
        }

        var unused = Parameters().FirstOrDefault(parameter => !IsUsed(parameter.Identifier.ValueText));
        if (unused is not null)
        {
            return $"nothing but the name of the module depends on the constructor's parameter '{unused.Identifier.ValueText}'";
        }

        return _declaration.Members.FirstOrDefault(member => member is PropertyDeclarationSyntax property && _type
            .GetMembers(property.Identifier.ValueText)
            .OfType<IPropertySymbol>()
            .Any(one => Symbols.IsModule(one.Type))) is { } held
            ? $"a property holds a module, and its name in the state_dict is not its own: {((PropertyDeclarationSyntax)held).Identifier.ValueText}"
            : null;
    }

    private static IEnumerable<ExpressionSyntax> Statements(ConstructorDeclarationSyntax? constructor) =>
        constructor is null ? []
        : constructor.ExpressionBody is { } arrow ? [arrow.Expression]
        : constructor.Body!.Statements.Select(statement => (statement as ExpressionStatementSyntax)?.Expression
            ?? (ExpressionSyntax)SyntaxFactory.IdentifierName(SyntaxFactory.Identifier(statement.ToString())));

    private bool IsUnderstood(ExpressionSyntax statement) => statement switch
    {
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment => Field(assignment.Left) is not null,
        InvocationExpressionSyntax call => NameOf(call) is "RegisterComponents" || (NameOf(call) == "register_module"
            && call.ArgumentList.Arguments is [{ Expression: LiteralExpressionSyntax }, { Expression: var module }]
            && Field(module is AssignmentExpressionSyntax made ? made.Left : module) is not null),
        _ => false,
    };

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.ValueText,
        _ => null,
    };

    /// <summary>The field of the class that an expression names; null for anything else.</summary>
    private IFieldSymbol? Field(ExpressionSyntax expression) =>
        expression is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax }
        && _model.GetSymbolInfo(expression, _cancellation).Symbol is IFieldSymbol { IsStatic: false } field
        && SymbolEqualityComparer.Default.Equals(field.ContainingType, _type)
            ? field
            : null;

    private IEnumerable<ParameterSyntax> Parameters() =>
        (_constructor?.ParameterList ?? _declaration.ParameterList)?.Parameters ?? Enumerable.Empty<ParameterSyntax>();

    private bool IsUsed(string parameter) => _declaration.Members
        .SelectMany(member => member is ConstructorDeclarationSyntax constructor ? Statements(constructor) : Enumerable.Repeat<SyntaxNode>(member, 1))
        .SelectMany(node => node.DescendantNodesAndSelf())
        .Any(node => node is IdentifierNameSyntax name
            && name.Identifier.ValueText == parameter
            && node.Parent is not MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax });

    /// <summary>Finds how each part is made. Returns why that cannot be told.</summary>
    private string? ReadParts(IReadOnlyDictionary<ISymbol, Value> values)
    {
        var assigned = new Dictionary<string, ExpressionSyntax>();
        var registered = new Dictionary<string, string>();
        foreach (var statement in Statements(_constructor))
        {
            var assignment = statement as AssignmentExpressionSyntax;
            if (statement is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: LiteralExpressionSyntax name }, { Expression: var module }] })
            {
                assignment = module as AssignmentExpressionSyntax;
                registered[Field(assignment?.Left ?? module)!.Name] = name.Token.ValueText;
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

        foreach (var field in _type
            .GetMembers()
            .OfType<IFieldSymbol>()
            .Where(field => field is { IsStatic: false, IsImplicitlyDeclared: false, IsConst: false }))
        {
            var initializer = (field.DeclaringSyntaxReferences[0].GetSyntax(_cancellation) as VariableDeclaratorSyntax)?.Initializer?.Value;
            var made = assigned.TryGetValue(field.Name, out var expression) ? expression : initializer;
            if (made is null)
            {
                return $"'{field.Name}' gets no value in the constructor";
            }

            if (TorchTypes.IsTensor(field.Type) && !Symbols.IsParameter(field.Type))
            {
                return $"'{field.Name}' is a tensor: it is registered as a buffer, which a declared model does not do";
            }

            // Registering by hand and by RegisterComponents gives two names.
            var name = registered.TryGetValue(field.Name, out var stated) ? stated : field.Name;
            if (stated is not null
                && stated != field.Name
                && Statements(_constructor).Any(statement => statement is InvocationExpressionSyntax call && NameOf(call) == "RegisterComponents"))
            {
                return $"'{field.Name}' is registered as '{stated}' and by RegisterComponents";
            }

            _parts.Add(new ConvertedPart(field, made, values.TryGetValue(field, out var value) ? value : Value.Unknown, name));
        }

        return null;
    }

    /// <summary>The class without a forward, if that only chains layers.</summary>
    private string? Chained()
    {
        var model = new ModelRecognizer(_bodies, readsParts: true).Read(_type, _cancellation).FirstOrDefault();
        if (model is not { Graph.IsComplete: true, Sequence: null }
            || !IsChain(model.Graph)
            || _declaration.Members.Any(member => member is MethodDeclarationSyntax { Identifier.ValueText: not "forward" })
            || _parts.Any(part => !Symbols.IsModule(part.Member.Type) && !IsUnused(part)))
        {
            return null;
        }

        var steps = model.Graph.Nodes.Skip(1).Select(node => (GraphOperation.Apply)node.Operation).ToList();
        if (steps.Where(step => step.Module >= 0).GroupBy(step => step.Module).Any(uses => uses.Count() > 1)
            || steps.Any(step => step.Module < 0 && step.Layer is WeightedLayer or NormLayer))
        {
            return null;
        }

        var code = new StringBuilder();
        var group = new List<GraphOperation.Apply>();
        Shape? classInput = null;
        foreach (var step in steps)
        {
            if (step.Layer is WeightedLayer or EmbeddingLayer && group.Any(other => other.Layer is WeightedLayer or EmbeddingLayer))
            {
                if (!Write())
                {
                    return null;
                }
            }

            group.Add(step);
        }

        return Write() && classInput is not null ? Class(code.ToString(), InputText(classInput, steps[0].Layer is EmbeddingLayer), keepForward: false) : null;

        bool Write()
        {
            var first = group.FirstOrDefault(step => step.Layer is WeightedLayer or EmbeddingLayer or NormLayer);
            if (first is null || group.Any(step => !IsExact(step, model.Places)))
            {
                return false;
            }

            var input = Input(first);
            var attributes = Texts(group);
            if (attributes.Contains(null) || (classInput is null && input is null))
            {
                return false;
            }

            // Behind a flatten the size is what the author says; everywhere else it follows.
            var isFlattened = classInput is not null && first.Layer is LinearLayer && code.ToString().Contains("Flatten]");
            code.Append(
                $"    [{(isFlattened && input is not null ? InputText(input, false) + ", " : "")}Name(\"\"), {string.Join(", ", attributes)}]\n    private "
                    + $"partial Tensor {Name(first.Path)}(Tensor x);\n\n");
            classInput ??= input;
            group.Clear();
            return true;
        }
    }

    private static List<string?> Texts(IReadOnlyList<GraphOperation.Apply> steps) => steps
        .Select((step, i) => LayerAttribute.Of(
            step.Layer,
            step.HasBias,
            step.Layer is WeightedLayer or EmbeddingLayer or NormLayer ? step.Path : null,
            steps.ElementAtOrDefault(i + 1)?.Layer))
        .ToList();

    /// <summary>Whether an attribute says all that the code says that makes or applies a layer.</summary>
    private bool IsExact(GraphOperation.Apply step, IReadOnlyList<SyntaxNode> places) => step.Module >= 0
        ? Making(step.Path) is { } made && IsPlain(made)
        : places[step.Layer.Origin.Member] is InvocationExpressionSyntax call && step.Layer switch
        {
            FlattenLayer or PoolLayer => Stated(call).All(name => s_said.Contains(name) || name is "input" or "x" or "shape" or "end_dim" or "strides"),
            ActivationLayer => Stated(call).All(name => name is "input" or "x" or "inplace"),
            // Dropout that does not ask for the mode drops in eval mode too.
            DropoutLayer => call.ArgumentList.Arguments.Any(
                argument => _model.GetSymbolInfo(argument.Expression, _cancellation).Symbol is IPropertySymbol { Name: "training" }),
            _ => false,
        };

    private IEnumerable<string> Stated(InvocationExpressionSyntax call) => _model.GetSymbolInfo(call, _cancellation).Symbol is IMethodSymbol method
        ? call.ArgumentList.Arguments.Select((argument, i) => argument.NameColon?.Name.Identifier.ValueText
            ?? method.Parameters.ElementAtOrDefault(Math.Min(i, method.Parameters.Length - 1))?.Name ?? "?")
        : ["?"];

    private InvocationExpressionSyntax? Making(string path) => path.Length == 0 ? null
        : _parts
            .Where(part => path == part.StateName || path.StartsWith(part.StateName + ".", StringComparison.Ordinal))
            .Select(part => Factory(part, path))
            .FirstOrDefault();

    /// <summary>The call that makes the layer of a path: the part's own, or an argument of the <c>Sequential</c> that it is.</summary>
    private static InvocationExpressionSyntax? Factory(ConvertedPart part, string path)
    {
        if (part.Made is not InvocationExpressionSyntax call || path == part.StateName)
        {
            return part.Made as InvocationExpressionSyntax;
        }

        var name = path.Substring(part.StateName.Length + 1);
        for (var i = 0; i < call.ArgumentList.Arguments.Count; i++)
        {
            var item = call.ArgumentList.Arguments[i].Expression;
            if (item is TupleExpressionSyntax { Arguments: [{ Expression: LiteralExpressionSyntax literal }, { Expression: InvocationExpressionSyntax made }] }
                ? literal.Token.ValueText == name
                : i.ToString() == name)
            {
                return item as InvocationExpressionSyntax ?? ((TupleExpressionSyntax)item).Arguments[1].Expression as InvocationExpressionSyntax;
            }
        }

        return null;
    }

    private static readonly HashSet<string> s_said =
    [
        "inputSize", "outputSize", "hasBias", "in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias",
        "output_padding", "num_embeddings", "embedding_dims", "num_features", "eps",
        "momentum", "affine", "num_groups", "num_channels", "normalized_shape", "p", "inplace", "ceil_mode", "count_include_pad", "start_dim",
    ];

    private bool IsPlain(InvocationExpressionSyntax call)
    {
        return _model.GetSymbolInfo(call, _cancellation).Symbol is IMethodSymbol method
            && TorchTypes.IsNN(method.ContainingType)
            && Stated(call).All(s_said.Contains)
            // Settings of activations are not read.
            && (!ActivationLayer.Found.Modules.Contains(method.Name)
                || call.ArgumentList.Arguments.All(argument => argument.Expression is LiteralExpressionSyntax { Token.Value: bool }))
            && method.Parameters.FirstOrDefault(parameter => parameter.Name == "normalized_shape")?.Type is not IArrayTypeSymbol;
    }

    private static bool IsChain(LayerGraph graph) =>
        graph.Nodes.Count > 1
        && graph.Nodes[0].Operation is GraphOperation.Input
        && graph.Outputs is [var output] && output == graph.Nodes.Count - 1
        && graph.Nodes.Skip(1).Select((node, i) => node.Operation is GraphOperation.Apply && node.Inputs is [var input] && input == i).All(follows => follows);

    private bool IsUnused(ConvertedPart part) => !_declaration.Members
        .OfType<MethodDeclarationSyntax>()
        .SelectMany(method => method.DescendantNodes())
        .OfType<IdentifierNameSyntax>()
        .Any(name => name.Identifier.ValueText == part.Member.Name);

    /// <summary>The class with its forward, in which blocks take the places of fields.</summary>
    private string? Composed(Interpreter interpreter)
    {
        var rewriter = new CallRewriter(this);
        for (var i = 0; i < _parts.Count; i++)
        {
            if (rewriter.OnlyCalls(_parts[i].Member) && Attributes(interpreter, _parts[i]) is { } attributes)
            {
                _parts[i] = _parts[i] with { Block = Name(_parts[i].StateName), Attributes = attributes };
            }
        }

        var blocks = new StringBuilder();
        foreach (var part in _parts.Where(part => part.Block is not null))
        {
            blocks.Append($"    [{part.Attributes}]\n    private partial Tensor {part.Block}(Tensor x);\n\n");
        }

        return blocks.Length == 0 ? null : Class(blocks.ToString(), null, keepForward: true);
    }

    /// <summary>The attributes of the block that a part can become; null if it must stay.</summary>
    private string? Attributes(Interpreter interpreter, ConvertedPart part)
    {
        var layers = part.Value switch
        {
            Value.LayerModule layer => [(part.StateName, layer)],
            Value.Sequence sequence when interpreter.ItemsOf(sequence.Id) is { IsComplete: true } items
                && items.All.All(item => item is { IsCertain: true, Value: Value.LayerModule }) =>
                items.All.Select((item, i) => ($"{part.StateName}.{item.Name ?? i.ToString()}", (Value.LayerModule)item.Value)).ToList(),
            _ => new List<(string, Value.LayerModule)>(),
        };
        if (layers.Count == 0 || layers.Any(layer => Factory(part, layer.Item1) is not { } call || !IsPlain(call)))
        {
            return null;
        }

        var steps = layers
            .Select(layer => new GraphOperation.Apply(layer.Item2.Layer, layer.Item2.InSize, layer.Item2.HasBias, layer.Item1, layer.Item2.Id))
            .ToList();
        var texts = Texts(steps);
        var first = steps.FirstOrDefault(step => step.Layer is WeightedLayer or EmbeddingLayer or NormLayer);
        var input = first is null ? null : Input(first);
        return texts.Contains(null) || (first is not null && input is null) ? null
            : string.Join(
                ", ",
                new[] { input is null ? "" : InputText(input, first!.Layer is EmbeddingLayer), "Name(\"\")" }.Concat(texts!).Where(text => text!.Length > 0));
    }

    /// <summary>The shape of a sample that a layer takes, as far as the layer says it; null if it does not.</summary>
    private Shape? Input(GraphOperation.Apply step)
    {
        var free = new[] { "H", "W", "D", "T" }
            .Where(name => Parameters().All(parameter => parameter.Identifier.ValueText != name))
            .Select(Dim.Symbol)
            .ToArray();
        return step.Layer switch
        {
            _ when free.Length < 4 => null,
            EmbeddingLayer => Shape.Of(Layout.Open, free[3]),
            _ when !step.InSize.IsKnown => null,
            LinearLayer => Shape.Of(Layout.Open, step.InSize),
            ConvolutionLayer conv => Shape.Of(Layout.Open, [step.InSize, .. free.Take(conv.Rank)]),
            NormLayer { Function: NormKind.Layer } => Shape.Of(Layout.Open, step.InSize),
            NormLayer when Making(step.Path) is { Expression: var factory } =>
                factory.ToString() is var name && name.EndsWith("2d", StringComparison.Ordinal) ? Shape.Of(Layout.Open, step.InSize, free[0], free[1])
                : name.EndsWith("3d", StringComparison.Ordinal) ? Shape.Of(Layout.Open, step.InSize, free[0], free[1], free[2])
                : name.EndsWith("1d", StringComparison.Ordinal) ? Shape.Of(Layout.Open, step.InSize)
                : null,
            _ => null,
        };
    }

    private static string InputText(Shape input, bool isIndices) =>
        $"Input({string.Join(", ", input.Dims.Select(size => size.Symbols().ToList() is [("H" or "W" or "D" or "T") and var free] ? $"\"{free}\"" : AttributeText.Size(size)))}{(isIndices ? ", DType = TorchSharp.torch.ScalarType.Int64" : "")})";

    /// <summary>A name for the block of a path that nothing else has.</summary>
    private string Name(string path)
    {
        var words = path.Split('.', '_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1));
        var wanted = string.Concat(words);
        wanted = wanted.Length == 0 || char.IsDigit(wanted[0]) ? "Block" + wanted : wanted;
        var name = Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? wanted : wanted + "Block" + (number == 2 ? "" : number.ToString()))
            .First(name => !_names.Contains(name));
        _names.Add(name);
        return name;
    }

    private string Class(string blocks, string? input, bool keepForward)
    {
        var code = new StringBuilder();
        var modifiers = _declaration.Modifiers
            .Where(modifier => !modifier.IsKind(SyntaxKind.PartialKeyword))
            .Select(modifier => modifier.ValueText)
            .Append("partial");
        var parameters = (_constructor?.ParameterList ?? _declaration.ParameterList)?.ToString() ?? "";
        code.Append(
            $"[Model{(input is null ? "" : ", " + input)}]\n{string.Join(" ", modifiers)} class {_type.Name}{(parameters == "()" ? "" : parameters)} : "
                + $"SourceNet.Model\n{{\n");
        foreach (var part in _parts.Where(part => keepForward && part.Block is null))
        {
            var isPart = Symbols.IsModule(part.Member.Type) || Symbols.IsModules(part.Member.Type) || Symbols.IsParameter(part.Member.Type);
            var name = isPart && Symbols.SnakeCase(part.Member.Name) != part.StateName ? $"    [Name(\"{part.StateName}\")]\n" : "";
            var type = ((VariableDeclarationSyntax)((VariableDeclaratorSyntax)part.Member.DeclaringSyntaxReferences[0].GetSyntax(_cancellation)).Parent!).Type;
            code.Append($"{name}    private readonly {type} {part.Member.Name} = {part.Made};\n\n");
        }

        code.Append(blocks);
        if (keepForward)
        {
            var rewriter = new CallRewriter(this);
            foreach (var member in _declaration.Members.Where(member => member is not (FieldDeclarationSyntax or ConstructorDeclarationSyntax)))
            {
                code.Append(rewriter.Visit(member)!.ToFullString().Trim('\r', '\n')).Append("\n\n");
            }

            foreach (var constant in _declaration.Members
                .OfType<FieldDeclarationSyntax>()
                .Where(field => field.Modifiers.Any(modifier => modifier.IsKind(SyntaxKind.ConstKeyword) || modifier.IsKind(SyntaxKind.StaticKeyword))))
            {
                code.Append(constant.ToFullString().Trim('\r', '\n')).Append("\n\n");
            }
        }

        return code.ToString().TrimEnd() + "\n}";
    }

    /// <summary>Whether the declaration can be expanded, each block of it.</summary>
    private bool IsValid(string code)
    {
        var root = _declaration.SyntaxTree.GetRoot(_cancellation);
        var marker = new SyntaxAnnotation();
        if (SyntaxFactory.ParseMemberDeclaration(code) is not ClassDeclarationSyntax parsed || parsed.ContainsDiagnostics)
        {
            return false;
        }

        var replaced = root.ReplaceNode(_declaration, parsed.WithAdditionalAnnotations(marker));
        var tree = CSharpSyntaxTree.Create(
            WithUsing((CompilationUnitSyntax)replaced),
            (CSharpParseOptions)_declaration.SyntaxTree.Options,
            _declaration.SyntaxTree.FilePath);
        var compilation = _compilation.ReplaceSyntaxTree(_declaration.SyntaxTree, tree);
        var written = tree.GetRoot(_cancellation).GetAnnotatedNodes(marker).FirstOrDefault();
        return written is not null
            && compilation.GetSemanticModel(tree).GetDeclaredSymbol(written, _cancellation) is INamedTypeSymbol type
            && GraphBuilder.Build(ModelReader.Read(type, CodeBodies.Of(compilation), _cancellation), _cancellation) is var model
            && model.Problems.All(problem => !problem.IsError)
            && model.Blocks.All(block => block.Obstacle is null);
    }

    /// <summary>A file with a class in the place of the one that was converted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="declaration">The class in it.</param>
    /// <param name="code">What <see cref="Convert(Compilation, INamedTypeSymbol, CancellationToken)"/> wrote.</param>
    /// <param name="mark">Put on the new class, for the formatter.</param>
    public static CompilationUnitSyntax Replaced(CompilationUnitSyntax file, ClassDeclarationSyntax declaration, string code, SyntaxAnnotation mark) =>
        WithUsing(file.ReplaceNode(declaration, SyntaxFactory.ParseMemberDeclaration(code)!.WithTriviaFrom(declaration).WithAdditionalAnnotations(mark)));

    /// <summary>The file with <c>using SourceNet</c>.</summary>
    private static CompilationUnitSyntax WithUsing(CompilationUnitSyntax file) => file.Usings.Any(one => one.Name?.ToString() == "SourceNet")
        ? file
        : file.AddUsings(SyntaxFactory.UsingDirective(SyntaxFactory.IdentifierName("SourceNet").WithLeadingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed));

    /// <summary>Calls blocks instead of fields: <c>fc1.call(x)</c> becomes <c>Fc1(x)</c>.</summary>
    private sealed class CallRewriter(ModelConverter converter) : CSharpSyntaxRewriter
    {
        public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
        {
            var visited = (InvocationExpressionSyntax)base.VisitInvocationExpression(node)!;
            return Called(node) is { } field && converter._parts.FirstOrDefault(part => part.Member.Name == field.Name)?.Block is { } block
                ? visited.WithExpression(SyntaxFactory.IdentifierName(block).WithTriviaFrom(visited.Expression))
                : visited;
        }

        /// <summary>Whether all that happens to a field is that it is called, but for its registration.</summary>
        public bool OnlyCalls(IFieldSymbol field) => converter._declaration.Members
            .Where(member => member is not (ConstructorDeclarationSyntax or FieldDeclarationSyntax))
            .SelectMany(member => member.DescendantNodes())
            .OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == field.Name)
            .All(name => name.FirstAncestorOrSelf<InvocationExpressionSyntax>(call => Called(call)?.Name == field.Name
                && call.Expression.Span.Contains(name.Span)) is not null)
            && Symbols.IsModule(field.Type);

        private IFieldSymbol? Called(InvocationExpressionSyntax call) =>
            call is { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "call" or "forward" } member, ArgumentList.Arguments.Count: 1 }
                ? converter.Field(member.Expression)
                : null;
    }

    private sealed class NoModels : IDeclaredModels
    {
        public static readonly NoModels Instance = new();

        public string? BlockOf(IMethodSymbol method) => null;

        public bool IsDeclared(INamedTypeSymbol type) => false;

        public Layer? LayerOf(INamedTypeSymbol type, EquatableArray<NamedSize> sizes) => null;

        public LayerGraph? GraphOf(INamedTypeSymbol type) => null;
    }
}
