using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

internal sealed class HoldersTwin : Module<Tensor, Tensor>
{
    private readonly Sequential inner = Bottleneck();
    private readonly ModuleList<Sequential> several = ModuleList(Bottleneck(), Bottleneck());
    private readonly ModuleList<Module<Tensor, Tensor>> mixed = ModuleList<Module<Tensor, Tensor>>(Bottleneck(), Tanh());
    private readonly Sequential heads;
    private readonly Sequential routes;
    private readonly Sequential pair;
    private readonly ModuleList<ModuleList<Linear>> grid = ModuleList(ModuleList(Linear(8, 8)), ModuleList(Linear(8, 8), Linear(8, 8)));
    private readonly Linear? gate;
    private readonly Parameter? scale;
    private readonly Tensor mean = full([8], 0.25f);
    private readonly Tensor? spread;
    private readonly Sequential shared = Bottleneck();
    private readonly Sequential logits = Sequential(("linear", Linear(8, 3)));

    /// <summary>What the named containers hold; TorchSharp does not look into a tuple.</summary>
    private readonly (Linear Left, Linear Right, Linear RouteUp, Sequential RouteDown, Linear PairUp, Sequential PairDown) held =
        (Linear(8, 8), Linear(8, 8), Linear(8, 8), Bottleneck(), Linear(8, 8), Bottleneck());

    public HoldersTwin(bool gated) : base(nameof(HoldersTwin))
    {
        heads = Sequential(("left", held.Left), ("right", held.Right));
        routes = Sequential(("a", Sequential(("Up", held.RouteUp), ("Down", Sequential(("0", held.RouteDown))))));
        pair = Sequential(("Up", held.PairUp), ("Down", held.PairDown));
        if (gated)
        {
            (gate, scale, spread) = (Linear(8, 8), new(ones(8)), ones(8));
        }

        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = shared.call(inner.call(input - mean));
        x = several[1].call(several[0].call(x));
        x = mixed[1].call(mixed[0].call(x));
        x = x + (held.Left.call(x) + held.Right.call(x));
        x = x + held.RouteDown.call(held.RouteUp.call(x));
        x = x + held.PairDown.call(held.PairUp.call(x));
        foreach (var layer in grid.SelectMany(row => row))
        {
            x = x + layer.call(x);
        }

        return logits.call(gate is null ? x : gate.call(x).sigmoid() * x * scale! / spread!);
    }

    private static Sequential Bottleneck() => Sequential(
        ("down", Sequential(("linear", Linear(8, 4)), ("norm", LayerNorm(4)), ("activation", Tanh()))),
        ("up", Sequential(("linear", Linear(4, 8)))));
}
