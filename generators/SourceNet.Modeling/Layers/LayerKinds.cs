namespace SourceNet.Modeling.Layers;

/// <summary>All kinds of layers, and how to find the one that a name means.</summary>
internal static class LayerKinds
{
    public static IReadOnlyList<LayerKind> All { get; } =
    [
        LinearLayer.Found, ConvolutionLayer.Found, EmbeddingLayer.Found, PositionEmbeddingLayer.Found, AttentionLayer.Found, FeedForwardLayer.Found,
        SwiGluLayer.Found,
        NormLayer.Found, ActivationLayer.Found, PoolLayer.Found, GlobalAveragePoolLayer.Found, FlattenLayer.Found, ReshapeLayer.Found, SoftmaxLayer.Found,
        DropoutLayer.Found, DropPathLayer.Found, GaussianNoiseLayer.Found, StackLayer.Found, RecurrentLayer.Found, TransformerLayer.Found, UpsampleLayer.Found,
        PixelShuffleLayer.Found,
        UnreadableLayer.Found, OtherLayer.Found,
    ];

    private static readonly Dictionary<string, LayerKind> s_byAttribute = By(kind => kind.Attributes);
    private static readonly Dictionary<string, LayerKind> s_byModule = By(kind => kind.Modules);
    private static readonly Dictionary<string, LayerKind> s_byFunction = By(kind => kind.Functions);
    private static readonly Dictionary<string, LayerKind> s_byOwnModule = By(kind => kind.OwnModules);

    /// <summary>The layer that an attribute declares; null if it declares none.</summary>
    public static Layer? Read(AttributeArguments attribute) => s_byAttribute.TryGetValue(attribute.Name, out var kind) ? kind.Read(attribute) : null;

    /// <summary>The layer that a function of <c>torch.nn</c> makes. One that is not known is a layer of which nothing more is known.</summary>
    public static MadeLayer Module(ModuleArguments arguments) =>
        (s_byModule.TryGetValue(arguments.Name, out var kind) ? Made(kind, arguments) : null)
            ?? new MadeLayer(new OtherLayer(arguments.Name), Sizes.Dim.Unknown, null);

    /// <summary>The layer that a class of TorchSharp's modules is, whatever it was made with; null for a container, or one that is not known.</summary>
    public static MadeLayer? OfClass(string name) => s_byModule.TryGetValue(name, out var kind) ? Made(kind, new UnknownArguments(name)) : null;

    /// <summary>The layer that a class of <c>SourceNet.Layers</c> is, whatever it was made with; null for one that is no layer.</summary>
    public static MadeLayer? OfOwnClass(string name) => s_byOwnModule.TryGetValue(name, out var kind) ? Made(kind, new UnknownArguments(name)) : null;

    /// <summary>The layer that a function of tensors does; null if it does none.</summary>
    public static Layer? Function(ModuleArguments arguments) =>
        s_byFunction.TryGetValue(arguments.Name, out var kind) ? Made(kind, arguments)?.Layer : null;

    /// <summary>The layer that a class of <c>SourceNet.Layers</c> is; null if it is none.</summary>
    public static MadeLayer? OwnModule(ModuleArguments arguments) => s_byOwnModule.TryGetValue(arguments.Name, out var kind) ? Made(kind, arguments) : null;

    private static MadeLayer? Made(LayerKind kind, ModuleArguments arguments) =>
        kind.Recognize(arguments) is not { } made ? null
        : arguments.AreAllRead ? made
        : made with { Layer = made.Layer with { LeavesOut = true } };

    private static Dictionary<string, LayerKind> By(Func<LayerKind, IEnumerable<string>> names) =>
        All.SelectMany(kind => names(kind).Select(name => (name, kind))).ToDictionary(pair => pair.name, pair => pair.kind, StringComparer.Ordinal);
}
