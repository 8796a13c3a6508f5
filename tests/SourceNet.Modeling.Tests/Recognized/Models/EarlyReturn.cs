public sealed class Classifier : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear features = nn.Linear(16, 8), head = nn.Linear(8, 3);
    public bool FeaturesOnly { get; set; }

    public Classifier()
        : base("classifier") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = features.call(x);
        if (FeaturesOnly)
        {
            return x;
        }

        x = torch.tanh(x);
        return head.call(x);
    }
}
