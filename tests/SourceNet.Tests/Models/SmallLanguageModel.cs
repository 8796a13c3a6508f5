using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Tests.Models;

/// <summary>A part that is a declared model itself.</summary>
internal sealed class SmallBlock(long dim) : Model
{
    internal readonly LayerNorm mix_norm = LayerNorm(dim);
    internal readonly Linear mix_linear = Linear(dim, dim);

    protected override void RegisterLayers(LayerRegistry layers)
    {
        layers.Add("mix.norm", mix_norm);
        layers.Add("mix.linear", mix_linear);
    }

    public override Tensor forward(Tensor input)
    {
        using var norm = mix_norm.call(input);
        using var linear = mix_linear.call(norm);
        return input + linear;
    }

    public override RegularizationPlan RegularizationPlan { get; } =
        new([new("mix.linear.weight", RegularizationKind.L1, "1e-05", Provenance.Explicit)]);

    protected override IReadOnlyList<LayerDescription> LayerDescriptions =>
    [
        new("mix.norm", "LayerNorm", "", "[T, dim]"),
        new("mix.linear", "Linear", "dim -> dim", "[T, dim]"),
    ];

    protected override IReadOnlyList<(string Name, object? Value)> Arguments => arguments;
    private readonly (string, object?)[] arguments = [("dim", dim)];

    public override IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null) =>
    [
        new("sparse", new WeightRegularization { L1 = 1e-5 }.Or(inherited), [mix_linear.weight]),
        new("no decay", WeightRegularization.None, [mix_norm.weight!, mix_norm.bias!, mix_linear.bias!]),
    ];

    public override Tensor Loss(Tensor logits, Tensor targets) => functional.mse_loss(logits, targets);
}

/// <summary>Tied weights, nested models in a list, hand-written heads and a hand-written parameter.</summary>
internal sealed class SmallLanguageModel(long dim = 6, int blocks = 2, int headCount = 3) : Model
{
    internal readonly Embedding embed_embedding = Embedding(11, dim);
    internal readonly ModuleList<Module<Tensor, Tensor>> blocks_stack = ModuleList(
        [.. Enumerable.Range(0, blocks).Select(_ => (Module<Tensor, Tensor>)new SmallBlock(dim))]);
    internal readonly Linear[] heads = [.. Enumerable.Range(0, headCount).Select(_ => Linear(dim, dim))];
    internal Parameter scale = Parameter(ones(dim));

    // Embedding.weight makes a new wrapper at every access; the registered parameter is one object.
    internal Parameter EmbedWeight => embed_embedding.get_parameter("weight")!;

    protected override void RegisterLayers(LayerRegistry layers)
    {
        layers.Add("embed.embedding", embed_embedding);
        layers.Add("blocks", blocks_stack);
        layers.AddAll("heads", heads);
        layers.AddParameter("scale", scale, value => scale = value);
        layers.Tie("logits.linear.weight", "embed.embedding.weight");
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = embed_embedding.call(input);
        foreach (var block in blocks_stack)
        {
            x = block.call(x);
        }
        foreach (var head in heads)
        {
            x = head.call(x);
        }
        return functional.linear(x * scale, EmbedWeight).MoveToOuterDisposeScope();
    }

    public override RegularizationPlan RegularizationPlan { get; } = RegularizationPlan.Empty;

    protected override IReadOnlyList<LayerDescription> LayerDescriptions =>
    [
        new("embed.embedding", "Embedding", "11 x dim", "[T, dim]"),
        new("blocks", "Stack", "blocks x SmallBlock", "[T, dim]"),
        new("logits.linear", "Linear", "dim -> 11, tied to embed", "[T, 11]"),
    ];

    protected override IReadOnlyList<(string Name, object? Value)> Arguments => arguments;
    private readonly (string, object?)[] arguments = [("dim", dim), ("blocks", blocks)];

    public override IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null) =>
    [
        new("no decay", WeightRegularization.None, [EmbedWeight, scale]),
        .. RegularizedGroup.Of("blocks", blocks_stack, new WeightRegularization { WeightDecay = 0.1 }.Or(inherited)),
        .. heads.SelectMany((head, index) => RegularizedGroup.Of($"heads.{index}", head, new WeightRegularization { WeightDecay = 0.1 }.Or(inherited))),
    ];

    public override Tensor Loss(Tensor logits, Tensor targets) => functional.cross_entropy(logits.flatten(0, 1), targets.flatten());
}
