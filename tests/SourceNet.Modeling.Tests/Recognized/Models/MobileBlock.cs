public sealed class InvertedResidual : nn.Module<Tensor, Tensor>
{
    private readonly bool useResidual;
    private readonly nn.Module<Tensor, Tensor> conv;

    public InvertedResidual(int input, int output, int stride, int expand)
        : base("inverted")
    {
        var hidden = input * expand;
        useResidual = stride == 1 && input == output;
        var layers = new List<nn.Module<Tensor, Tensor>>();
        if (expand != 1)
        {
            layers.AddRange(ConvBnReLU(input, hidden, 1));
        }

        layers.AddRange(ConvBnReLU(hidden, hidden, 3, stride, groups: hidden));
        layers.Add(nn.Conv2d(hidden, output, 1, bias: false));
        layers.Add(nn.BatchNorm2d(output));
        conv = nn.Sequential(layers.ToArray());
        RegisterComponents();
    }

    private static nn.Module<Tensor, Tensor>[] ConvBnReLU(int input, int output, int kernel, int stride = 1, int groups = 1) => new nn.Module<Tensor, Tensor>[]
    {
        nn.Conv2d(input, output, kernel, stride: stride, padding: (kernel - 1) / 2, groups: groups, bias: false),
        nn.BatchNorm2d(output),
        nn.ReLU6(),
    };

    public override Tensor forward(Tensor x) => useResidual ? x + conv.call(x) : conv.call(x);
}

public sealed class Small : nn.Module<Tensor, Tensor>
{
    private readonly InvertedResidual a = new(16, 16, 1, 1), b = new(16, 24, 2, 6);

    public Small()
        : base("small") => RegisterComponents();

    public override Tensor forward(Tensor x) => b.call(a.call(x));
}
