public sealed class DoubleConv : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential body;

    public DoubleConv(long from, long to)
        : base("double")
    {
        body = nn.Sequential(nn.Conv2d(from, to, 3, padding: 1), nn.ReLU(), nn.Conv2d(to, to, 3, padding: 1), nn.ReLU());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => body.call(x);
}

public sealed class UNet : nn.Module<Tensor, Tensor>
{
    private readonly DoubleConv down1 = new(1, 32), down2 = new(32, 64), up = new(96, 32);
    private readonly TorchSharp.Modules.ConvTranspose2d grow = nn.ConvTranspose2d(64, 64, 2, stride: 2);
    private readonly TorchSharp.Modules.Conv2d last = nn.Conv2d(32, 1, 1);

    public UNet()
        : base("unet") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var skip = down1.call(x);
        var deep = down2.call(nn.functional.max_pool2d(skip, 2));
        var joined = cat(new[] { grow.call(deep), skip }, dim: 1);
        return last.call(up.call(joined));
    }
}
