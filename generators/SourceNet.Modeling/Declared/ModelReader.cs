using Microsoft.CodeAnalysis;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Declared;

/// <summary>The front end for attributes: reads a class with <c>[Model]</c> into a <see cref="ModelDeclaration"/>. Never throws on any source text.</summary>
public static class ModelReader
{
    /// <summary>The metadata name of the attribute that marks a model.</summary>
    public const string AttributeName = Symbols.ModelAttribute;

    public static ModelDeclaration Read(INamedTypeSymbol type) => Read(type, new StackedModels());

    /// <summary>The annotated methods of a class, in order of declaration; <see cref="Origin.Member"/> counts in this list.</summary>
    public static IReadOnlyList<IMethodSymbol> Blocks(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .Where(method => method.MethodKind == MethodKind.Ordinary && Symbols.Attributes(method).Count > 0 && method.PartialDefinitionPart is null)
        .ToList();

    internal static ModelDeclaration Read(INamedTypeSymbol type, StackedModels stacked)
    {
        var scope = new Scope(type, stacked);
        var identity = TypeReader.Read(type, scope.Problems);
        var defaults = new List<Layer>();
        var rules = new RuleReader(Provenance.Default);
        var declaration = new ModelDeclaration { Type = identity };
        var seen = new HashSet<string>();
        var attributes = Symbols.Attributes(type);
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, new Origin(OriginKind.Class, Attribute: i));
            if (!attribute.IsBound)
            {
                if (attribute.Name == "Input")
                {
                    declaration = declaration with { Input = new InputDeclaration(Shape.Unknown, "other", attribute.Origin) };
                }

                continue;
            }

            if (!seen.Add(attribute.Name))
            {
                scope.Problems.Add(Problems.Repeated(attribute.Name, $"class '{type.Name}'", attribute.Origin));
                continue;
            }

            switch (attribute.Name)
            {
                case "Input":
                    declaration = declaration with { Input = Input(attribute) };
                    break;
                case "Objective":
                    var objective = attribute.Choice(attribute.Positional(0), Enum.GetValues(typeof(ObjectiveFunction)).Length, "The kind");
                    declaration = declaration with { Objective = (ObjectiveFunction)(objective ?? 0) };
                    break;
                case "LabelSmoothing":
                    declaration = declaration with { LabelSmoothing = new Rule(attribute.Rate(attribute.Positional(0), "The share"), Provenance.Explicit, attribute.Origin) };
                    break;
                case "GradientClip":
                    var bound = attribute.Rate(attribute.Positional(0), "The norm", value => value > 0, "above 0");
                    declaration = declaration with { GradientClip = new Rule(bound, Provenance.Explicit, attribute.Origin) };
                    break;
                default:
                    if (!rules.TryRead(attribute) && LayerReader.Read(attribute, Provenance.Default) is { } layer)
                    {
                        defaults.Add(layer);
                    }

                    break;
            }
        }

        CheckClass(type, declaration, defaults, scope);
        var methods = Blocks(type);
        var blocks = methods.Select((method, i) => ReadBlock(method, i, scope)).ToEquatableArray();
        var forward = Forward(type, scope);
        if (blocks.Count == 0 && forward is null)
        {
            scope.Problems.Add(Problems.NoBlocks(type.Name, Origin.Class));
        }

        return declaration with
        {
            FreeSizes = scope.FreeSizes.ToEquatableArray(),
            UsedArguments = scope.UsedArguments.ToEquatableArray(),
            Defaults = defaults.ToEquatableArray(),
            Rules = rules.Rules,
            Blocks = blocks,
            HasForward = forward is not null,
            Forward = forward is null ? null : ForwardReader.Read(forward, methods.Select(method => method.Name)),
            Parts = PartReader.Read(type, scope.Problems),
            TakenNames = TakenNames(type, scope),
            Problems = scope.Problems.ToEquatableArray(),
        };
    }

    private static void CheckClass(INamedTypeSymbol type, ModelDeclaration declaration, List<Layer> defaults, Scope scope)
    {
        if (declaration.LabelSmoothing is { } smoothing && declaration.Objective != ObjectiveFunction.CrossEntropy)
        {
            scope.Problems.Add(Problems.Misplaced("LabelSmoothing", $"it belongs to cross-entropy, the objective is {declaration.Objective}", smoothing.Origin));
        }

        foreach (var second in defaults.OfType<DropoutLayer>().Skip(1))
        {
            scope.Problems.Add(Problems.Repeated(second.Kind == DropoutKind.Element ? "Dropout" : second.Kind + "Dropout", $"class '{type.Name}', in one form or another", second.Origin));
        }
    }

    private static BlockDeclaration ReadBlock(IMethodSymbol method, int index, Scope scope)
    {
        var origin = new Origin(OriginKind.Block, index);
        var layers = new List<Layer>();
        var rules = new RuleReader(Provenance.Explicit);
        InputDeclaration? input = null;
        var stateName = Symbols.SnakeCase(method.Name);
        var isResidual = false;
        var isOutput = false;
        var attributes = Symbols.Attributes(method);
        var seen = new HashSet<string>();
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = new AttributeReader(attributes[i], scope, origin with { Attribute = i });
            var isLayer = LayerReader.IsLayer(attributes[i].AttributeClass!);
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
                    input = Input(attribute);
                    break;
                case "Output":
                    isOutput = true;
                    break;
                case "Residual":
                    isResidual = true;
                    break;
                case "Name":
                    stateName = StateName(attribute, scope) ?? stateName;
                    break;
                default:
                    if (!rules.TryRead(attribute) && isLayer)
                    {
                        layers.Add(LayerReader.Read(attribute, Provenance.Explicit) ?? new UnreadableLayer { Origin = attribute.Origin });
                    }

                    break;
            }
        }

        var isBlock = IsBlock(method, scope, origin);
        return new BlockDeclaration(
            method.Name,
            TypeReader.Modifiers(method),
            method.Parameters.Length > 0 ? Scope.Escape(method.Parameters[0].Name) : "x",
            stateName,
            isBlock,
            input,
            layers.ToEquatableArray(),
            isResidual,
            isOutput,
            rules.Rules,
            origin);
    }

    private static InputDeclaration Input(AttributeReader attribute)
    {
        if (attribute.Positional(0) is not object?[] { Length: > 0 } sizes)
        {
            attribute.Scope.Problems.Add(Problems.Missing("Input", "the sizes of one sample, without the batch: [Input(3, 32, 32)]", attribute.Origin));
            return new InputDeclaration(Shape.Unknown, "other", attribute.Origin);
        }

        var dims = sizes.Select(size => attribute.Size(size, "A size", open: OpenSizes.Declared)).ToEquatableArray();
        // The values of TorchSharp.torch.ScalarType.
        var elementType = attribute.Named("DType") switch
        {
            sbyte value => (int)value,
            int value => value,
            _ => 6,
        };
        return new InputDeclaration(new Shape(dims, Layout.Open), elementType == 4 ? "Int64" : elementType == 6 ? "Float32" : "other", attribute.Origin);
    }

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
        var isTensorToTensor = method is { IsGenericMethod: false, IsStatic: false, IsAsync: false, RefKind: RefKind.None, Parameters: [{ RefKind: RefKind.None }] }
            && Symbols.IsTensor(method.ReturnType) && Symbols.IsTensor(method.Parameters[0].Type);
        if (!isTensorToTensor)
        {
            scope.Problems.Add(Problems.BlockSignature(method.Name, $"'{method.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}'", origin));
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

    private static IMethodSymbol? Forward(INamedTypeSymbol type, Scope scope)
    {
        var forward = type.GetMembers("forward").OfType<IMethodSymbol>()
            .FirstOrDefault(method => method.Parameters.Length == 1 && !Symbols.IsGenerated(method) && Symbols.Attributes(method).Count == 0);
        if (forward is not null && (!forward.IsOverride || !Symbols.IsTensor(forward.ReturnType) || !Symbols.IsTensor(forward.Parameters[0].Type)))
        {
            scope.Problems.Add(Problems.ForwardSignature(type.Name, Origin.Class));
        }

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
