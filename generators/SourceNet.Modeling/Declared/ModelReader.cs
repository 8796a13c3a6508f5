using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Regularizers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>The front end for attributes: reads a class with <c>[Model]</c> into a <see cref="ModelDeclaration"/>. Never throws on any source text.</summary>
public static class ModelReader
{
    /// <summary>The metadata name of the attribute that marks a model.</summary>
    public const string AttributeName = Symbols.ModelAttribute;

    private static readonly SymbolDisplayFormat s_signature = SymbolDisplayFormat.MinimallyQualifiedFormat
        .RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Whether the class says <c>[Model]</c>.</summary>
    public static bool IsModel(INamedTypeSymbol type) => Symbols.IsDeclaredModel(type);

    /// <summary>Whether the class has a forward that its author wrote.</summary>
    public static bool WritesForward(INamedTypeSymbol type) => type.GetMembers("forward").Any(method => !Symbols.IsGenerated(method));

    /// <summary>What a class declares.</summary>
    /// <param name="type">The class.</param>
    /// <param name="bodies">The code of its compilation.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ModelDeclaration Read(INamedTypeSymbol type, CodeBodies bodies, CancellationToken cancellation) =>
        Read(type, new StackedModels(bodies, cancellation)).Declaration;

    /// <summary>The graph of a class that declares a model, with the places in its own code.</summary>
    public static RecognizedModel ReadGraph(INamedTypeSymbol type, CodeBodies bodies, CancellationToken cancellation)
    {
        var (declaration, places) = Read(type, new StackedModels(bodies, cancellation));
        return new RecognizedModel(GraphBuilder.Build(declaration, cancellation), places, null);
    }

    /// <summary>The annotated methods of a class, in order of declaration; <see cref="Origin.Member"/> counts in this list.</summary>
    public static IReadOnlyList<IMethodSymbol> Blocks(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .Where(method => method.MethodKind == MethodKind.Ordinary && Symbols.Attributes(method).Count > 0 && method.PartialDefinitionPart is null)
        .ToList();

    /// <summary>What the author wrote in the class, in order of declaration; <see cref="Origin.Member"/> of other members counts in this list.</summary>
    internal static IReadOnlyList<ISymbol> Members(INamedTypeSymbol type) =>
        type.GetMembers().Where(member => !Symbols.IsGenerated(member) && !member.IsImplicitlyDeclared).ToList();

    internal static (ModelDeclaration Declaration, IReadOnlyList<SyntaxNode> Places) Read(INamedTypeSymbol type, StackedModels stacked)
    {
        stacked.Cancellation.ThrowIfCancellationRequested();
        var scope = new Scope(type, stacked);
        var identity = TypeReader.Read(type, TypeReader.Model, scope.Problems);
        var defaults = new List<Layer>();
        var regularizers = new List<DeclaredRegularizer>();
        var declaration = new ModelDeclaration { Type = identity };
        if (!identity.CanExtend)
        {
            var reason = scope.Problems.Count > 0 ? scope.Problems[0].Message : "its class cannot be extended";
            var stubs = identity.CanComplete ? Stubs(Blocks(type), _ => reason) : EquatableArray<MethodStub>.Empty;
            return (declaration with { Stubs = stubs, Problems = scope.Problems.ToEquatableArray() }, []);
        }

        var seen = new HashSet<string>();
        var signature = ForwardReader.Signature(type);
        var objectives = new List<DeclaredObjective>();
        var attributes = Symbols.Attributes(type);
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, new Origin(OriginKind.Class, Attribute: i));
            if (!attribute.IsBound)
            {
                if (attribute.Name == "Input")
                {
                    declaration = declaration with { Input = new StatedShape(Shape.Unknown, "other", attribute.Origin) };
                }

                continue;
            }

            if (!seen.Add(attribute.Name) && attribute.Name != "Objective")
            {
                // Of what may stand only once, the compiler says so.
                if (AttributeReader.IsLayer(attributes[i].AttributeClass!))
                {
                    scope.Problems.Add(Problems.Repeated(attribute.Name, type.Name, attribute.Origin));
                }

                continue;
            }

            switch (attribute.Name)
            {
                case "Model":
                    declaration = declaration with { Fuse = attribute.Flag("Fuse", otherwise: true) };
                    break;
                case "Input":
                    declaration = declaration with { Input = Stated(attribute) };
                    break;
                case "Output":
                    declaration = declaration with { Output = Stated(attribute) };
                    break;
                case "Init":
                    declaration = declaration with { Initialization = InitReader.Read(attribute) };
                    break;
                case "Objective":
                    if (ObjectiveReader.Read(attribute, signature, objectives.Count) is { } objective)
                    {
                        objectives.Add(objective);
                    }

                    break;
                default:
                    if (RegularizerReader.OnClass(attribute) is { } regularizer)
                    {
                        regularizers.Add(regularizer);
                    }
                    else if (attribute.ReadLayer(Provenance.Default) is { } layer)
                    {
                        defaults.Add(layer);
                    }

                    break;
            }
        }

        declaration = declaration with
        {
            Signature = signature is null ? null : signature with { Parameters = Stated(signature.Parameters, ForwardReader.Own(type)!, scope) },
            Objectives = objectives.ToEquatableArray(),
            Objective = objectives.FirstOrDefault()?.Kind ?? ObjectiveKind.CrossEntropy,
            ObjectiveSettings = objectives.FirstOrDefault()?.Settings ?? ObjectiveSettings.None,
        };
        var ofWeights = regularizers.ToLookup(regularizer => RegularizerCatalogue.Of(regularizer.Kind) is WeightRegularizer);
        declaration = declaration with { Regularizers = WeightRegularizers.Of(ofWeights[true]), ModelRegularizers = ofWeights[false].ToEquatableArray() };
        CheckClass(type, declaration, defaults, scope);
        CheckMembers(type, scope);
        var written = Members(type).Where(IsReserved).ToList();
        if (HidesTheModels(type))
        {
            // No other member of that name can implement the model's.
            declaration = declaration with { Type = identity with { CanDerive = false } };
        }

        var methods = Blocks(type);
        var obstacles = new Dictionary<IMethodSymbol, string>(SymbolEqualityComparer.Default);
        var blocks = methods.Select((method, i) => ReadBlock(method, i, scope, obstacles)).ToEquatableArray();
        var forward = Forward(type, identity, scope, out var forwardObstacle);
        if (blocks.Count == 0 && forward is null && !Members(type).Any(HasUnresolvedAttribute))
        {
            scope.Problems.Add(Problems.NoBlocks(type.Name, Origin.Class));
        }

        var parts = PartReader.Read(type, scope);
        var code = WrittenReader.Read(type, forward is not null, parts, stacked);
        declaration = declaration with
        {
            FreeSizes = scope.FreeSizes.ToEquatableArray(),
            UsedArguments = scope.UsedArguments.ToEquatableArray(),
            Defaults = defaults.ToEquatableArray(),
            Blocks = blocks,
            Stubs = Stubs(methods.Where(obstacles.ContainsKey), method => obstacles[method]),
            ForwardObstacle = forwardObstacle,
            HasForward = forward is not null,
            Written = code?.Graph,
            Parts = parts,
            TakenNames = TakenNames(type, scope),
            WrittenMembers = written.Select(member => member.Name).Distinct().ToEquatableArray(),
            MentionsObsolete = MentionsObsolete(type, methods),
            Problems = scope.Problems.ToEquatableArray(),
        };
        return (declaration, code?.Places ?? []);
    }

    /// <summary>The parameters of a forward with what <c>[Input]</c> says about each.</summary>
    private static EquatableArray<ForwardParameter> Stated(IEnumerable<ForwardParameter> parameters, IMethodSymbol forward, Scope scope) => parameters
        .Select((parameter, place) =>
        {
            var attributes = Symbols.Attributes(forward.Parameters[place]);
            var index = attributes.ToList().FindIndex(attribute => AttributeReader.NameOf(attribute.AttributeClass!) == "Input");
            return index < 0
                || new AttributeReader(attributes[index], scope, new Origin(OriginKind.Parameter, place, index)) is not { IsBound: true } input
                ? parameter
                : parameter with { Input = Stated(input) };
        })
        .ToEquatableArray();

    private static void CheckClass(INamedTypeSymbol type, ModelDeclaration declaration, List<Layer> defaults, Scope scope)
    {
        foreach (var declared in declaration.ModelRegularizers)
        {
            if (RegularizerCatalogue.Of(declared.Kind) is LossRegularizer ofLoss
                && ofLoss.Objective != declaration.Objective
                && declaration.Objectives.All(objective => objective.Kind != ofLoss.Objective))
            {
                scope.Problems.Add(
                    Problems.Misplaced(ofLoss.Attribute, $"it belongs to {ofLoss.ObjectiveName}, the objective is {declaration.Objective}", declared.Origin));
            }
        }

        var dropouts = defaults.OfType<DropoutLayer>().ToList();
        foreach (var second in dropouts.Skip(1))
        {
            scope.Problems.Add(Problems.SecondDropout(second.Attributed, dropouts[0].Attributed, type.Name, second.Origin));
        }
    }

    /// <summary>Members that the generated part has too, and <c>[Name]</c> where there is nothing to name.</summary>
    private static void CheckMembers(INamedTypeSymbol type, Scope scope)
    {
        var members = Members(type);
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (IsReserved(member))
            {
                scope.Problems.Add(Problems.ReservedMember(member.Name, new Origin(OriginKind.Member, i)));
            }
            else if (member is IFieldSymbol or IPropertySymbol && !PartReader.IsPart(member))
            {
                var attributes = Symbols.Attributes(member);
                for (var index = 0; index < attributes.Count; index++)
                {
                    var name = AttributeReader.NameOf(attributes[index].AttributeClass!);
                    var expected = name == "Name" ? "it names a field or auto-property that holds a module, several, a Parameter or a Tensor"
                        : RegularizerCatalogue.OfAttribute(name) is ParameterTreatment
                            ? "it is about a field or auto-property that holds a module, several, or a Parameter"
                        : null;
                    if (expected is not null)
                    {
                        scope.Problems.Add(Problems.Misplaced($"[{name}]", expected, new Origin(OriginKind.Member, i, index)));
                    }
                }
            }
        }
    }

    /// <summary>Whether an attribute is misspelled or lacks its using: the compiler says so, and the member may be a block.</summary>
    private static bool HasUnresolvedAttribute(ISymbol member) =>
        member is IMethodSymbol && member.GetAttributes().Any(attribute => attribute.AttributeClass is null or { TypeKind: TypeKind.Error });

    private static bool IsReserved(ISymbol member) => (member.Name, member) switch
    {
        ("RegisterLayers" or "ParameterGroups", IMethodSymbol method) => method.Parameters.Length == 1,
        ("Loss", IMethodSymbol method) when ForwardReader.Signature(method.ContainingType) is not null => true,
        ("LossOf" or "OutputNames" or "TargetCount", _) => ForwardReader.Signature(member.ContainingType) is not null,
        ("Loss", IMethodSymbol method) => method.Parameters.Length is 2 or 3 && method.Parameters.All(parameter => Symbols.IsTensor(parameter.Type)),
        ("Plan"
            or "RegularizationPlan"
            or "LayerDescriptions"
            or "Arguments"
            or "GradientClip"
            or "DeclaredTraining"
            or "RegisterLayers"
            or "ParameterGroups"
            or "Loss", _) => true,
        ("forward", not IMethodSymbol) => true,
        _ => false,
    };

    private static bool IsAbstractInModel(string member) =>
        member is "RegularizationPlan" or "LayerDescriptions" or "RegisterLayers" or "ParameterGroups" or "Loss" or "forward";

    /// <summary>Whether the author wrote a member where the model's own would have to stand, and it does not override it.</summary>
    private static bool HidesTheModels(INamedTypeSymbol type) => Members(type).Any(member => !member.IsOverride
        && (IsReserved(member)
            ? IsAbstractInModel(member.Name)
            : member is IMethodSymbol { Name: "forward", Arity: 0, Parameters: [{ RefKind: RefKind.None }] } forward
                && Symbols.IsTensor(forward.Parameters[0].Type)));

    /// <summary>Whether a class with <c>[Model]</c> is a module once its other part is generated.</summary>
    internal static bool BecomesModule(INamedTypeSymbol type) =>
        TypeReader.Read(type, TypeReader.Model, []) is { CanExtend: true, CanDerive: true } && !HidesTheModels(type);

    /// <summary>Bodies for methods that have none, so that the compiler goes on and the analyzers say what is wrong with them.</summary>
    private static EquatableArray<MethodStub> Stubs(IEnumerable<IMethodSymbol> methods, Func<IMethodSymbol, string> reason) => methods
        .Where(method => method.IsPartialDefinition
            && (method.PartialImplementationPart is null || Symbols.IsGenerated(method.PartialImplementationPart))
            && !LacksAccessibility(method))
        .Select(method => new MethodStub(TypeReader.Signature(method), $"{method.Name} cannot be expanded: {reason(method)}"))
        .GroupBy(stub => stub.Head)
        .Select(alike => alike.First())
        .ToEquatableArray();

    /// <summary>Whether a partial method must state its accessibility and does not: the compiler says so, of either part.</summary>
    private static bool LacksAccessibility(IMethodSymbol method) =>
        (!method.ReturnsVoid || method.Parameters.Any(parameter => parameter.RefKind == RefKind.Out))
        && method.DeclaringSyntaxReferences[0].GetSyntax() is MethodDeclarationSyntax declaration
        && !declaration.Modifiers.Any(modifier => SyntaxFacts.IsAccessibilityModifier(modifier.Kind()));

    private static bool MentionsObsolete(INamedTypeSymbol type, IReadOnlyList<IMethodSymbol> blocks)
    {
        var stacked = blocks.SelectMany(Symbols.Attributes).SelectMany(attribute => attribute.AttributeClass!.TypeArguments);
        return type.GetMembers().Where(PartReader.IsPart).Concat(blocks).Concat(stacked)
            .Any(symbol => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ObsoleteAttribute"));
    }

    private static BlockDeclaration ReadBlock(IMethodSymbol method, int index, Scope scope, Dictionary<IMethodSymbol, string> obstacles)
    {
        var origin = new Origin(OriginKind.Block, index);
        var body = new List<Layer>();
        var afterSum = new List<Layer>();
        Origin? sum = null;
        var regularizers = new List<DeclaredRegularizer>();
        StatedShape? input = null;
        StatedShape? output = null;
        var stateName = Symbols.SnakeCase(method.Name);
        var isResidual = false;
        var residual = origin;
        var isOutput = false;
        Initialization? initialization = null;
        var attributes = Symbols.Attributes(method);
        var seen = new HashSet<string>();
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, origin with { Attribute = i });
            var layers = sum is null ? body : afterSum;
            var isLayer = AttributeReader.IsLayer(attributes[i].AttributeClass!);
            if (!attribute.IsBound)
            {
                layers.Add(new UnreadableLayer { Origin = attribute.Origin });
                continue;
            }

            if (!isLayer && !seen.Add(attribute.Name))
            {
                // The compiler reports attributes that may stand only once.
                continue;
            }

            switch (attribute.Name)
            {
                case "Input":
                    input = Stated(attribute);
                    break;
                case "Output":
                    isOutput = true;
                    output = attribute.Positional(0) is object?[] { Length: > 0 } ? Stated(attribute) : null;
                    break;
                case "Residual":
                    isResidual = true;
                    residual = attribute.Origin;
                    break;
                case "Init":
                    initialization = InitReader.Read(attribute);
                    break;
                case "Sum":
                    sum = attribute.Origin;
                    break;
                case "Name":
                    stateName = StateName(attribute, scope) ?? stateName;
                    break;
                default:
                    if (RegularizerReader.OnBlock(attribute) is { } regularizer)
                    {
                        regularizers.Add(regularizer);
                    }
                    else if (isLayer)
                    {
                        layers.Add(attribute.ReadLayer(Provenance.Explicit) ?? new UnreadableLayer { Origin = attribute.Origin });
                    }

                    break;
            }
        }

        if (sum is { } place && (!isResidual || afterSum.Count == 0))
        {
            var reason = isResidual ? "no layer follows it, and a [Residual] block ends with its sum anyway; leave it out"
                : "it ends the body of a [Residual] block; say [Residual] too";
            scope.Problems.Add(Problems.Misplaced("[Sum]", reason, place));
        }

        var problemsBefore = scope.Problems.Count;
        var isBlock = IsBlock(method, scope, origin);
        if (scope.Problems.Count > problemsBefore)
        {
            obstacles[method] = scope.Problems[problemsBefore].Message;
        }

        return new BlockDeclaration(
            method.Name,
            TypeReader.Modifiers(method),
            method.Parameters is [{ Name.Length: > 0 } parameter, ..] ? Scope.Escape(parameter.Name) : "x",
            stateName,
            isBlock,
            input,
            body.ToEquatableArray(),
            isResidual,
            isOutput,
            WeightRegularizers.Of(regularizers),
            origin)
        {
            Output = output,
            Initialization = initialization,
            AfterSum = afterSum.ToEquatableArray(),
            ResidualOrigin = residual,
        };
    }

    /// <summary>The shape of one sample, as <c>[Input]</c> and <c>[Output]</c> state it.</summary>
    private static StatedShape Stated(AttributeReader attribute)
    {
        if (attribute.Positional(0) is not object?[] { Length: > 0 } sizes)
        {
            if (attribute.Origin.Kind == OriginKind.Parameter && attribute.Says("DType"))
            {
                // One number for each sample, as an index is.
                return new StatedShape(new Shape(default, Layout.Open), ElementType(attribute), attribute.Origin);
            }

            var expected = $"the sizes of one sample, without the batch: [{attribute.Name}({(attribute.Name == "Input" ? "3, 32, 32" : "10")})]";
            attribute.Scope.Problems.Add(Problems.Missing(attribute.Name, expected, attribute.Origin));
            return new StatedShape(Shape.Unknown, "Float32", attribute.Origin);
        }

        var dims = sizes.Select(size => attribute.Size(size, "A size", open: OpenSizes.Declared)).ToEquatableArray();
        var layout = attribute.Flag("ChannelsLast", otherwise: false) ? Layout.FeaturesLast : Layout.Open;
        return new StatedShape(new Shape(dims, layout), ElementType(attribute), attribute.Origin);
    }

    /// <summary>By the values of TorchSharp.torch.ScalarType.</summary>
    private static string ElementType(AttributeReader attribute) => attribute.Named("DType") switch
    {
        (sbyte)4 or 4 => "Int64",
        null or (sbyte)6 or 6 => "Float32",
        _ => "other",
    };

    private static string? StateName(AttributeReader attribute, Scope scope)
    {
        var name = attribute.Positional(0) as string ?? "";
        if (PartReader.IsStateName(name, mayBeEmpty: true))
        {
            return name;
        }

        scope.Problems.Add(Problems.BadStateName(name, attribute.Origin));
        return null;
    }

    private static bool IsBlock(IMethodSymbol method, Scope scope, Origin origin)
    {
        if (method.Name == "forward")
        {
            scope.Problems.Add(Problems.BlockNamedForward(origin));
            return false;
        }

        if (method.ContainingType
            .GetMembers(method.Name)
            .OfType<IMethodSymbol>()
            .Count(other => !Symbols.IsGenerated(other) && other.PartialDefinitionPart is null && IsTensorToTensor(other)) > 1)
        {
            // Two of one name: the compiler says so.
            return false;
        }

        if (method.IsPartialDefinition && LacksAccessibility(method) && IsTensorToTensor(method))
        {
            // A partial method with a result must state its accessibility: the compiler says so.
            return false;
        }

        if (!IsTensorToTensor(method))
        {
            var words = $"{(method.IsStatic ? "static " : "")}{(IsAsync(method) ? "async " : "")}";
            scope.Problems.Add(Problems.BlockSignature(method.Name, $"'{words}{method.ToDisplayString(s_signature)}'", origin));
            return false;
        }

        var implementation = method.PartialImplementationPart;
        if (!method.IsPartialDefinition || (implementation is not null && !Symbols.IsGenerated(implementation)))
        {
            scope.Problems.Add(Problems.BlockNotPartial(method.Name, origin));
            return false;
        }

        return true;
    }

    private static bool IsTensorToTensor(IMethodSymbol method) =>
        !IsAsync(method)
        && method is { IsGenericMethod: false, IsStatic: false, RefKind: RefKind.None, Parameters: [{ RefKind: RefKind.None }] }
        && IsTensor(method.ReturnType) && IsTensor(method.Parameters[0].Type);

    /// <summary>Newer compilers do not call a method without a body async, whatever it says.</summary>
    private static bool IsAsync(IMethodSymbol method) => method.IsAsync
        || method.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is MethodDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.AsyncKeyword));

    private static bool IsTensor(ITypeSymbol type) => Symbols.IsTensor(type) && type.NullableAnnotation != NullableAnnotation.Annotated;

    /// <summary>The forward that composes the blocks, or the one that was meant to: no other is generated beside it.</summary>
    /// <param name="obstacle">What is wrong with it, if the model's own has to be written beside it.</param>
    private static IMethodSymbol? Forward(INamedTypeSymbol type, TypeIdentity identity, Scope scope, out string? obstacle)
    {
        obstacle = null;
        var written = type.GetMembers("forward").OfType<IMethodSymbol>().Where(method => !Symbols.IsGenerated(method)).ToList();
        var forward = ForwardReader.Own(type)
            ?? written.FirstOrDefault(method => method.Parameters.Length == 1)
            // What has another base has another forward.
            ?? (identity.CanDerive ? written.FirstOrDefault() : null);
        if (forward is null || ForwardReader.IsOfModel(forward) || Symbols.Attributes(forward).Count > 0)
        {
            return forward;
        }

        var words = string.Concat(forward.IsStatic ? "static " : "", forward.IsOverride ? "override " : "");
        var problem = Problems.ForwardSignature(
            words + forward.ToDisplayString(s_signature),
            new Origin(OriginKind.Member, Members(type).ToList().IndexOf(forward)));
        scope.Problems.Add(problem);
        obstacle = problem.Message;
        return forward;
    }

    private static EquatableArray<string> TakenNames(INamedTypeSymbol type, Scope scope) => type.GetMembers()
        .Where(member => !Symbols.IsGenerated(member) && !member.IsImplicitlyDeclared)
        .Select(member => member.Name)
        .Concat(scope.Parameters.Select(parameter => parameter.Name))
        .Append(type.Name)
        .Distinct()
        .OrderBy(name => name, StringComparer.Ordinal)
        .ToEquatableArray();
}
