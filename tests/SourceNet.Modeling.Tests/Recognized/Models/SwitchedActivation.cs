public enum Kind { ReLU, Gelu }

public sealed class Feed : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear a = nn.Linear(4, 8), b = nn.Linear(8, 4);
    private readonly nn.Module<Tensor, Tensor> activation;

    public Feed(Kind kind)
        : base("feed")
    {
        activation = kind switch
        {
            Kind.ReLU => nn.ReLU(),
            Kind.Gelu => nn.GELU(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => b.call(activation.call(a.call(x)));
}
