public class Autoencoder : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> encoder;
    private readonly nn.Module<Tensor, Tensor> decoder;

    public Autoencoder(int latent = 16)
        : base("autoencoder")
    {
        encoder = MakeEncoder(latent);
        decoder = nn.Sequential(
            nn.Linear(latent, 128),
            nn.ReLU(),
            nn.Linear(128, 784),
            nn.Sigmoid());
        RegisterComponents();
    }

    private static nn.Module<Tensor, Tensor> MakeEncoder(int latent)
    {
        var hidden = nn.Linear(784, 128);
        var activation = nn.ReLU();
        return nn.Sequential(hidden, activation, nn.Linear(128, latent));
    }

    public override Tensor forward(Tensor x) => decoder.call(encoder.call(x));
}
