using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Graph;

/// <summary>A layer as it was declared: what it is and its settings, before its place, name and shapes are known.</summary>
public abstract record Layer
{
    /// <summary>What it does in its block; its name in the state_dict if nothing else is said.</summary>
    public abstract string Role { get; }

    /// <summary>The name that the declaration gives it.</summary>
    public string? Name { get; init; }

    public Origin Origin { get; init; }

    public Provenance Provenance { get; init; }
}

/// <summary>A layer with a weight: the class's default tail of norm, activation and dropout comes after the last one of a block.</summary>
public abstract record WeightedLayer : Layer
{
    /// <summary>Whether it has a bias; null if the declaration leaves it open.</summary>
    public bool? Bias { get; init; }
}

public sealed record LinearLayer(Dim OutFeatures, string? TiedTo) : WeightedLayer
{
    public override string Role => "linear";
}

public sealed record ConvolutionLayer(
    int Rank,
    bool Transposed,
    Dim OutChannels,
    EquatableArray<Dim> Kernel,
    EquatableArray<Dim> Stride,
    EquatableArray<Dim> Padding,
    EquatableArray<Dim> Dilation,
    EquatableArray<Dim> OutputPadding,
    Dim Groups) : WeightedLayer
{
    public override string Role => Transposed ? "conv_transpose" : "conv";
}

public sealed record EmbeddingLayer(Dim Count, Dim Width, int? PaddingIndex) : Layer
{
    public override string Role => "embedding";
}

public sealed record PositionEmbeddingLayer(Dim MaxLength) : Layer
{
    public override string Role => "position_embedding";
}

public sealed record AttentionLayer(Dim Heads, Dim? KeyValueHeads, bool Causal, bool Rotary, double RotaryBase, Rate Dropout) : WeightedLayer
{
    public override string Role => "attention";
}

public sealed record FeedForwardLayer(Dim Hidden, ActivationKind Activation, Rate Dropout) : WeightedLayer
{
    public override string Role => "feed_forward";
}

public sealed record SwiGluLayer(Dim Hidden) : WeightedLayer
{
    public override string Role => "swi_glu";
}

public sealed record NormLayer(NormKind Function, double Eps, double Momentum, Dim Groups, bool? Affine) : Layer
{
    public override string Role => "norm";

    /// <summary>Whether it subtracts a mean of each channel, which removes a bias that stands directly before it.</summary>
    public bool RemovesBias => Function is NormKind.Batch or NormKind.Instance;

    public bool HasScale => Affine ?? Function != NormKind.Instance;
}

public sealed record ActivationLayer(ActivationKind Function, EquatableArray<double> Settings, bool Approximate) : Layer
{
    public override string Role => "activation";
}

public sealed record PoolLayer(
    int Rank,
    bool Average,
    EquatableArray<Dim> Kernel,
    EquatableArray<Dim> Stride,
    EquatableArray<Dim> Padding,
    EquatableArray<Dim> Dilation,
    bool CeilMode,
    bool CountIncludePad) : Layer
{
    public override string Role => "pool";
}

public sealed record GlobalAveragePoolLayer : Layer
{
    public override string Role => "pool";
}

public sealed record FlattenLayer : Layer
{
    public override string Role => "flatten";
}

public sealed record ReshapeLayer(EquatableArray<Dim> Sizes) : Layer
{
    public override string Role => "reshape";
}

public sealed record SoftmaxLayer(bool Log) : Layer
{
    public override string Role => "softmax";
}

public enum DropoutKind
{
    Element,
    Spatial,
    Alpha,
    Gaussian,
    Block,
}

public sealed record DropoutLayer(DropoutKind Kind, Rate Rate, int BlockSize) : Layer
{
    public override string Role => "dropout";
}

public sealed record DropPathLayer(Rate Rate) : Layer
{
    public override string Role => "drop_path";
}

public sealed record GaussianNoiseLayer(Rate StandardDeviation) : Layer
{
    public override string Role => "noise";
}

/// <param name="TypeName">The block's type as C# writes it, with <c>global::</c>.</param>
/// <param name="Arguments">The constructor arguments as C# expressions.</param>
/// <param name="Sizes">The sizes behind the block's integral parameters, by name.</param>
/// <param name="UsesPosition">Whether the arguments depend on the position in the stack, <c>index</c>.</param>
/// <param name="Model">What the block declares, if its source is in this compilation.</param>
public sealed record StackLayer(
    string TypeName,
    string DisplayName,
    EquatableArray<string> Arguments,
    EquatableArray<NamedSize> Sizes,
    Dim Repeat,
    bool UsesPosition,
    ModelDeclaration? Model) : Layer
{
    /// <summary>Alone in its block, its items are numbered directly under the block: <c>blocks.0</c>.</summary>
    public override string Role => "";
}

public sealed record NamedSize(string Name, Dim Size);

/// <summary>Stands for an attribute that could not be read: the shape after it is unknown and its block cannot be expanded.</summary>
public sealed record UnreadableLayer : Layer
{
    public override string Role => "";
}

/// <summary>A recurrent layer: <c>LSTM</c>, <c>GRU</c>, <c>RNN</c>. Hand-written models have them; there is no attribute for one.</summary>
public sealed record RecurrentLayer(string Kind, Dim Hidden, Rate Dropout) : WeightedLayer
{
    public override string Role => "recurrent";
}

/// <summary>A whole transformer layer of TorchSharp, or a stack of them.</summary>
public sealed record TransformerLayer(string Kind, Rate Dropout) : WeightedLayer
{
    public override string Role => "transformer";
}

/// <summary>Makes a feature map larger without weights.</summary>
public sealed record UpsampleLayer : Layer
{
    public override string Role => "upsample";
}

/// <summary>A layer of TorchSharp that rules say nothing about.</summary>
public sealed record OtherLayer(string Kind) : Layer
{
    public override string Role => "other";
}
