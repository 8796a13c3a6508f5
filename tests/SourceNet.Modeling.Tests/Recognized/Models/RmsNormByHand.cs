public sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Parameter weight;
    private readonly double eps;

    public RmsNorm(long dim, double eps = 1e-6)
        : base("rms")
    {
        this.eps = eps;
        weight = nn.Parameter(ones(dim));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var scale = rsqrt(x.pow(2).mean(new long[] { -1 }, keepdim: true) + eps);
        return x * scale * weight;
    }
}
