public sealed class Vae : nn.Module<Tensor, (Tensor, Tensor, Tensor)>
{
    private readonly TorchSharp.Modules.Linear enc = nn.Linear(
        784,
        400), mu = nn.Linear(400, 20), logvar = nn.Linear(400, 20), dec1 = nn.Linear(20, 400), dec2 = nn.Linear(400, 784);

    public Vae()
        : base("vae") => RegisterComponents();

    private (Tensor Mu, Tensor LogVar) Encode(Tensor x)
    {
        var h = enc.call(x).relu();
        return (mu.call(h), logvar.call(h));
    }

    private Tensor Decode(Tensor z) => sigmoid(dec2.call(dec1.call(z).relu()));

    public override (Tensor, Tensor, Tensor) forward(Tensor x)
    {
        var (m, lv) = Encode(x);
        var std = (lv * 0.5).exp();
        var z = m + randn_like(std) * std;
        return (Decode(z), m, lv);
    }
}
