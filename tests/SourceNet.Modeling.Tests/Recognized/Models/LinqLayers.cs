public sealed class Tower : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential layers;

    public Tower()
        : base("tower")
    {
        var sizes = new[] { 12, 24, 48 };
        layers = nn.Sequential(Enumerable.Range(0, 2).Select(i => ($"l{i}", (nn.Module<Tensor, Tensor>)nn.Linear(sizes[i], sizes[i + 1]))));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers.call(x);
}
