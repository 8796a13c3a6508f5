public sealed class Speech : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Conv2d conv = nn.Conv2d(1, 8, (3, 5), stride: (1, 2), padding: (1, 2), dilation: (1, 1));
    private readonly TorchSharp.Modules.Conv2d same = nn.Conv2d(8, 8, 3, padding: Padding.Same);
    private readonly TorchSharp.Modules.InstanceNorm2d norm = nn.InstanceNorm2d(8);

    public Speech()
        : base("speech") => RegisterComponents();

    public override Tensor forward(Tensor x) => norm.call(same.call(nn.functional.leaky_relu(conv.call(x), 0.1))).mean(new long[] { 2, 3 });
}
