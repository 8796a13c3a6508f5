public sealed class Generator : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> main;

    public Generator(int latent, int features)
        : base("generator")
    {
        main = nn.Sequential(
            nn.ConvTranspose2d(latent, features * 4, 4, 1, 0, bias: false),
            nn.BatchNorm2d(features * 4),
            nn.ReLU(true),
            nn.ConvTranspose2d(features * 4, features * 2, 4, 2, 1, bias: false),
            nn.BatchNorm2d(features * 2),
            nn.ReLU(true),
            nn.ConvTranspose2d(features * 2, 1, 4, 2, 1, bias: false),
            nn.Tanh());
        RegisterComponents();
    }

    public override Tensor forward(Tensor noise) => main.call(noise);
}
