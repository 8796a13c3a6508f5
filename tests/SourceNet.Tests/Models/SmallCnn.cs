using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Tests.Models;

/// <summary>What the generator writes for a small convolutional network, written by hand: runtime tests need no generator.</summary>
internal sealed class SmallCnn(double dropout = 0.3) : Model
{
    internal readonly Conv2d block_conv = Conv2d(3, 4, kernel_size: 3, padding: 1, bias: false);
    internal readonly BatchNorm2d block_norm = BatchNorm2d(4);
    internal readonly Dropout hidden_dropout = Dropout(dropout);
    internal readonly Linear hidden_linear = Linear(4, 8);
    internal readonly Linear logits_linear = Linear(8, 10);

    protected override void RegisterLayers(LayerRegistry layers)
    {
        layers.Add("block.conv", block_conv);
        layers.Add("block.norm", block_norm);
        layers.Add("hidden.dropout", hidden_dropout);
        layers.Add("hidden.linear", hidden_linear);
        layers.Add("logits.linear", logits_linear);
    }

    private Tensor Block(Tensor x)
    {
        using var conv = block_conv.call(x);
        using var norm = block_norm.call(conv);
        using var activation = functional.relu(norm);
        return activation.mean([2, 3]);
    }

    private Tensor Hidden(Tensor x)
    {
        using var dropped = hidden_dropout.call(x);
        using var linear = hidden_linear.call(dropped);
        return functional.relu(linear);
    }

    public override Tensor forward(Tensor input)
    {
        using var block = Block(input);
        using var hidden = Hidden(block);
        return logits_linear.call(hidden);
    }

    public override RegularizationPlan RegularizationPlan { get; } = new(
    [
        new("block.conv.weight", RegularizationKind.WeightDecay, "0.001", Provenance.Default),
        new("block.norm.weight", RegularizationKind.WeightDecay, "0", Provenance.Derived),
        new("hidden.dropout", RegularizationKind.Dropout, "dropout", Provenance.Explicit),
        new("hidden.linear.weight", RegularizationKind.WeightDecay, "0.001", Provenance.Default),
        new("hidden.linear.weight", RegularizationKind.MaxNorm, "3", Provenance.Explicit),
        new("logits.linear.weight", RegularizationKind.WeightDecay, "0.001", Provenance.Default),
        new("objective", RegularizationKind.LabelSmoothing, "0.1", Provenance.Default),
    ]);

    protected override IReadOnlyList<LayerDescription> LayerDescriptions =>
    [
        new("block.conv", "Conv2d", "3 -> 4, kernel 3, padding 1", "[4, 32, 32]"),
        new("block.norm", "BatchNorm2d", "", "[4, 32, 32]"),
        new("block.activation", "ReLU", "", "[4, 32, 32]"),
        new("block.pool", "GlobalAveragePool", "", "[4]"),
        new("hidden.dropout", "Dropout", "dropout", "[4]"),
        new("hidden.linear", "Linear", "4 -> 8", "[8]"),
        new("hidden.activation", "ReLU", "", "[8]"),
        new("logits.linear", "Linear", "8 -> 10", "[10]"),
    ];

    protected override IReadOnlyList<(string Name, object? Value)> Arguments => arguments;
    private readonly (string, object?)[] arguments = [("dropout", dropout)];

    public override IReadOnlyList<RegularizedGroup> ParameterGroups(WeightRegularization? inherited = null) =>
    [
        new("decay", new WeightRegularization { WeightDecay = 1e-3 }.Or(inherited), [block_conv.weight, logits_linear.weight]),
        new("bounded", new WeightRegularization { WeightDecay = 1e-3, Constraint = WeightConstraint.MaxNorm(3) }.Or(inherited), [hidden_linear.weight]),
        new("no decay", WeightRegularization.None, [block_norm.weight!, block_norm.bias!, hidden_linear.bias!, logits_linear.bias!]),
    ];

    public override Tensor Loss(Tensor logits, Tensor targets) => functional.cross_entropy(logits, targets, label_smoothing: 0.1);
}
