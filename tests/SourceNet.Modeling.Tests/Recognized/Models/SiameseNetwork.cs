public sealed class Siamese : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential tower = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16));

    public Siamese()
        : base("siamese") => RegisterComponents();

    public override Tensor forward(Tensor left, Tensor right)
    {
        var a = tower.call(left);
        var b = tower.call(right);
        return (a - b).pow(2).sum(1);
    }
}
