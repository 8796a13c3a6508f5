public static class Ops
{
    public static Tensor Swish(this Tensor x) => x * x.sigmoid();
}

public sealed class Net : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear a = nn.Linear(4, 4), b = nn.Linear(4, 4);
    private readonly Func<Tensor, Tensor> activation = x => x.Swish();

    public Net()
        : base("net") => RegisterComponents();

    public override Tensor forward(Tensor x) => b.call(activation(a.call(x))) / Math.Sqrt(4);
}
