public sealed class Mixer : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> a, b, norm;

    public Mixer(int width)
        : base("mixer")
    {
        nn.Module<Tensor, Tensor> Wide(int factor) => nn.Sequential(nn.Linear(width, factor * width), nn.ReLU(), nn.Linear(factor * width, width));

        a = Wide(2);
        b = Wide(4);
        norm = nn.LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor Add(Tensor value, nn.Module<Tensor, Tensor> module)
        {
            return value + module.call(norm.call(value));
        }

        return Add(Add(x, a), b);
    }
}
