public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    protected readonly nn.Module<Tensor, Tensor> stem;

    protected Backbone(string name, int width)
        : base(name)
    {
        stem = nn.Linear(8, width);
    }

    protected abstract Tensor Head(Tensor x);

    public override Tensor forward(Tensor x) => Head(stem.call(x));
}

public sealed class Regressor : Backbone
{
    private readonly nn.Module<Tensor, Tensor> last = nn.Linear(32, 1);

    public Regressor()
        : base("regressor", 32) => RegisterComponents();

    protected override Tensor Head(Tensor x) => last.call(softplus(x));

    private static Tensor softplus(Tensor x) => nn.functional.softplus(x);
}
