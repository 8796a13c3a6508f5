public sealed class Decoder : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Upsample up = nn.Upsample(scale_factor: new double[] { 2, 2 });
    private readonly TorchSharp.Modules.Conv2d a = nn.Conv2d(32, 16, 3, padding: 1), b = nn.Conv2d(16, 3, 3, padding: 1);

    public Decoder()
        : base("decoder") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var y = a.call(up.call(x));
        y = nn.functional.interpolate(y, scale_factor: new double[] { 2, 2 });
        return tanh(b.call(y));
    }
}
