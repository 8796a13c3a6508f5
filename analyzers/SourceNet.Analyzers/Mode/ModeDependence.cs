using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>Tells modules that do the same in train and in eval mode from those that do not, or of which it is not known.</summary>
internal sealed class ModeDependence(CompilationFacts facts)
{
    private readonly TorchSymbols _torch = facts.Torch;

    private static readonly HashSet<string> s_sameInBothModes =
    [
        "Linear", "Bilinear", "Identity", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Embedding", "EmbeddingBag",
        "LayerNorm", "GroupNorm", "LocalResponseNorm", "CrossMapLRN2d", "Flatten", "Unflatten", "Fold", "Unfold", "Upsample", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle",
        "ZeroPad2d", "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d", "ReplicationPad3d",
        "MaxPool1d", "MaxPool2d", "MaxPool3d", "AvgPool1d", "AvgPool2d", "AvgPool3d", "LPPool1d", "LPPool2d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "FractionalMaxPool2d", "FractionalMaxPool3d",
        "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
        "CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "ReLU", "ReLU6", "SELU", "Sigmoid", "SiLU",
        "Softmax", "Softmax2d", "Softmin", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold", "CosineSimilarity", "PairwiseDistance", "RNNCell", "LSTMCell", "GRUCell",
    ];

    private static readonly HashSet<string> s_sameInBothModesDeclared =
    [
        "ModelAttribute", "InputAttribute", "OutputAttribute", "NameAttribute", "ResidualAttribute", "ObjectiveAttribute", "LinearAttribute", "Conv1dAttribute", "Conv2dAttribute", "Conv3dAttribute",
        "ConvTranspose1dAttribute", "ConvTranspose2dAttribute", "ConvTranspose3dAttribute", "EmbeddingAttribute", "PositionEmbeddingAttribute", "SwiGluAttribute",
        "MaxPool1dAttribute", "MaxPool2dAttribute", "MaxPool3dAttribute", "AveragePool1dAttribute", "AveragePool2dAttribute", "AveragePool3dAttribute", "GlobalAveragePoolAttribute",
        "FlattenAttribute", "ReshapeAttribute", "SoftmaxAttribute", "WeightDecayAttribute", "L1Attribute", "L2Attribute", "ElasticNetAttribute", "MaxNormAttribute", "UnitNormAttribute",
        "NonNegativeAttribute", "OrthogonalAttribute", "WeightNormAttribute", "LabelSmoothingAttribute", "GradientClipAttribute",
        "EmaAttribute", "SwaAttribute", "SamAttribute", "RDropAttribute", "MixUpAttribute", "CutMixAttribute", "EarlyStoppingAttribute", "TrainedOnAttribute",
    ];

    private readonly ConcurrentDictionary<ITypeSymbol, bool> _known = new(SymbolEqualityComparer.Default);

    // Of each thread: what one has not found out yet, another must not take for an answer.
    private readonly ThreadLocal<HashSet<ITypeSymbol>> _underway = new(() => new(SymbolEqualityComparer.Default));

    /// <summary>Whether a module certainly does the same in both modes.</summary>
    /// <param name="module">The module.</param>
    /// <param name="model">The model of the code that made it, if that is known.</param>
    /// <param name="cancellation">Stops the work.</param>
    public bool IsSameInBothModes(ModuleValue module, SemanticModel? model, CancellationToken cancellation) =>
        module.Creation is { } creation && model?.SyntaxTree == creation.SyntaxTree && model.GetOperation(creation, cancellation) is { } operation
            ? IsSame(operation, cancellation)
            : IsSame(module.Type, cancellation);

    /// <summary>Whether a module decides about its own mode: it overrides <c>train</c> or <c>eval</c>, or calls one in its constructor.</summary>
    public bool HasModeOfItsOwn(ITypeSymbol? type, CancellationToken cancellation)
    {
        for (; type is not null && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _torch.Torch.ContainingAssembly); type = type.BaseType)
        {
            if (type.GetMembers().OfType<IMethodSymbol>().Any(method => method is { Name: "train" or "eval", IsOverride: true } || (method.MethodKind == MethodKind.Constructor && SetsMode(method, cancellation))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool SetsMode(IMethodSymbol constructor, CancellationToken cancellation) => constructor.DeclaringSyntaxReferences
        .Select(reference => reference.GetSyntax(cancellation))
        .OfType<ConstructorDeclarationSyntax>()
        .SelectMany(declaration => declaration.DescendantNodes().OfType<InvocationExpressionSyntax>())
        .Any(call => call.Expression is IdentifierNameSyntax { Identifier.Text: "train" or "eval" } or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax, Name.Identifier.Text: "train" or "eval" });

    private bool IsSame(IOperation made, CancellationToken cancellation) => made.WalkDownConversions() switch
    {
        IInvocationOperation { TargetMethod: { Name: "Sequential" } method } call when IsFactory(method) => Parts(call.Arguments).All(part => IsSame(part, cancellation)),
        IInvocationOperation { TargetMethod: { Name: "RNN" or "LSTM" or "GRU" } method } call when IsFactory(method) => call.ExplicitArgument("dropout")?.Value.Number() is 0 || call.ExplicitArgument("dropout") is null,
        IInvocationOperation { TargetMethod: { Name: "InstanceNorm1d" or "InstanceNorm2d" or "InstanceNorm3d" } method } call when IsFactory(method) => call.ExplicitArgument("track_running_stats") is null,
        ITupleOperation tuple => tuple.Elements.Where(element => _torch.IsModule(element.Type)).All(element => IsSame(element, cancellation)),
        var other => IsSame(other.Type, cancellation),
    };

    private static IEnumerable<IOperation> Parts(IEnumerable<IArgumentOperation> arguments) => arguments
        .Select(argument => argument.Value.WalkDownConversions())
        .SelectMany(value => value is IArrayCreationOperation array ? array.Initializer?.ElementValues.Select(element => element.WalkDownConversions()) ?? [] : [value])
        .Where(value => value is not ILiteralOperation);

    private bool IsFactory(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingType, _torch.NN);

    private bool IsSame(ITypeSymbol? type, CancellationToken cancellation)
    {
        if (type is not INamedTypeSymbol named || !_torch.IsModule(named))
        {
            return false;
        }

        if (SymbolEqualityComparer.Default.Equals(named.ContainingAssembly, _torch.Torch.ContainingAssembly))
        {
            return s_sameInBothModes.Contains(named.Name) || TorchSymbols.IsLoss(named);
        }

        if (_known.TryGetValue(named, out var known))
        {
            return known;
        }

        // A type that contains itself adds nothing.
        var underway = _underway.Value!;
        if (!underway.Add(named))
        {
            return true;
        }

        var isSame = false;
        try
        {
            isSame = IsDeclared(named) ? IsSameDeclared(named) : IsSameWritten(named, cancellation);
        }
        finally
        {
            underway.Remove(named);
        }

        // Inside of a type that is not known yet, sameness is an assumption.
        if (!isSame || underway.Count == 0)
        {
            _known[named] = isSame;
        }

        return isSame;
    }

    private bool IsDeclared(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "ModelAttribute", ContainingNamespace.Name: "SourceNet" });

    private static bool IsSameDeclared(INamedTypeSymbol type) => type.GetMembers().OfType<IMethodSymbol>()
        .SelectMany(method => method.GetAttributes())
        .Concat(type.GetAttributes())
        .Where(attribute => attribute.AttributeClass?.ContainingNamespace?.Name == "SourceNet")
        .All(attribute => attribute.AttributeClass!.Name switch
        {
            // None, Layer, RMS and Group do not look at the batch; every activation but one draws nothing.
            "NormAttribute" => attribute.ConstructorArguments.FirstOrDefault() is { Value: int kind, Type: INamedTypeSymbol kinds } && Member(kinds, kind) is "None" or "Layer" or "RMS" or "Group",
            "ActivationAttribute" => attribute.ConstructorArguments.FirstOrDefault() is { Value: int kind, Type: INamedTypeSymbol kinds } && Member(kinds, kind) is not (null or "RReLU"),
            var name => s_sameInBothModesDeclared.Contains(name),
        });

    private static string? Member(INamedTypeSymbol kinds, int value) => kinds.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.ConstantValue is int constant && constant == value)?.Name;

    /// <summary>Looks through the source of a module: everything that it makes and holds is the same in both modes, and it asks for no mode.</summary>
    private bool IsSameWritten(INamedTypeSymbol type, CancellationToken cancellation)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty
            || !type.DeclaringSyntaxReferences.All(reference => facts.Operations.Covers(reference.SyntaxTree))
            || type.BaseType is not { } parent
            || (!IsSame(parent, cancellation) && !IsBareModule(parent)))
        {
            return false;
        }

        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            foreach (var expression in reference.GetSyntax(cancellation).DescendantNodes().OfType<ExpressionSyntax>().Where(node => node is BaseObjectCreationExpressionSyntax or InvocationExpressionSyntax or IdentifierNameSyntax))
            {
                if (facts.Operations.Of(expression, cancellation) is { } operation && !IsHarmless(operation, cancellation))
                {
                    return false;
                }
            }
        }

        // What comes from outside is known by its type only.
        return type.InstanceConstructors.SelectMany(constructor => constructor.Parameters).Where(parameter => _torch.IsModule(parameter.Type)).All(parameter => IsSame(parameter.Type, cancellation));
    }

    /// <summary>Whether this is TorchSharp's base class, of which nothing is known but that it has parts.</summary>
    private bool IsBareModule(INamedTypeSymbol type) => SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _torch.Torch.ContainingAssembly) && type is { Name: "Module", ContainingType.Name: "nn" };

    private bool IsHarmless(IOperation operation, CancellationToken cancellation) => operation switch
    {
        IObjectCreationOperation creation => !_torch.IsModule(creation.Type) || IsContainer(creation.Type!) || IsSame(creation, cancellation),
        IInvocationOperation call when IsFactory(call.TargetMethod) => !_torch.IsModule(call.Type) || IsContainer(call.Type!) || IsSame(call, cancellation),
        IInvocationOperation call when SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, _torch.Functional) =>
            !call.TargetMethod.Parameters.Any(parameter => parameter.Name == "training") && call.TargetMethod.Name != "scaled_dot_product_attention",
        // A module that another class makes.
        IInvocationOperation { Type: { } type, TargetMethod: var method } => !_torch.IsModule(type) || _torch.GivesItself(method) || _torch.IsOfTorchSharp(method) || IsSame(type, cancellation),
        IPropertyReferenceOperation { Property: { Name: "training", ContainingType: { } owner } } => !_torch.IsModule(owner),
        _ => true,
    };

    /// <summary>Whether this holds modules that are looked at where they are made.</summary>
    private bool IsContainer(ITypeSymbol type) => type.Name is "Sequential" or "ModuleList" or "ModuleDict" && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, _torch.Torch.ContainingAssembly);
}
