using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>
/// Every way in which hand-written members hold modules: declared models, dictionaries, tuples, lists of lists, parts that may be absent; and a buffer.
/// </summary>
[Model, WeightDecay(0.01)]
public sealed partial class Holders(bool gated = false)
{
    private readonly Bottleneck inner = new(8);
    private readonly Bottleneck[] several = [new(8), new(8)];
    private readonly List<nn.Module<Tensor, Tensor>> mixed = [new Bottleneck(8), nn.Tanh()];
    private readonly Dictionary<string, Linear> heads = new() { ["left"] = nn.Linear(8, 8), ["right"] = nn.Linear(8, 8) };
    private readonly Dictionary<string, (Linear Up, Bottleneck[] Down)> routes = new() { ["a"] = (nn.Linear(8, 8), [new(8)]) };
    private readonly (Linear Up, Bottleneck Down) pair = (nn.Linear(8, 8), new(8));
    private readonly Linear[][] grid = [[nn.Linear(8, 8)], [nn.Linear(8, 8), nn.Linear(8, 8)]];
    private readonly Linear? gate = gated ? nn.Linear(8, 8) : null;
    private readonly Parameter? scale = gated ? new(ones(8)) : null;
    private readonly Tensor mean = full([8], 0.25f);

    public Bottleneck Shared { get; } = new(8);

    public Tensor? Spread { get; set; } = gated ? ones(8) : null;

    [Input(8), Linear(3), Output]
    private partial Tensor Logits(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Shared.call(inner.call(input - mean));
        foreach (var block in several)
        {
            x = block.call(x);
        }

        foreach (var block in mixed)
        {
            x = block.call(x);
        }

        x += heads["left"].call(x) + heads["right"].call(x);
        x += routes["a"].Down[0].call(routes["a"].Up.call(x));
        x += pair.Down.call(pair.Up.call(x));
        foreach (var layer in grid.SelectMany(row => row))
        {
            x += layer.call(x);
        }

        if (gate is not null)
        {
            x = nn.functional.sigmoid(gate.call(x)) * x * scale! / Spread!;
        }

        return Logits(x).MoveToOuterDisposeScope();
    }
}

/// <summary>A model that others hold.</summary>
[Model, Input("dim")]
public sealed partial class Bottleneck(int dim)
{
    [Linear(4), Norm(NormKind.Layer), Activation(ActivationKind.Tanh)]
    private partial Tensor Down(Tensor x);

    [Linear(nameof(dim)), Output]
    private partial Tensor Up(Tensor x);
}
