public sealed class Wrapper : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> backbone;
    private readonly TorchSharp.Modules.Linear head;

    public Wrapper(nn.Module<Tensor, Tensor> backbone, int features, int classes)
        : base("wrapper")
    {
        this.backbone = backbone;
        head = nn.Linear(features, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor features;
        using (no_grad())
        {
            features = backbone.call(x);
        }

        return head.call(features.flatten(1));
    }
}
