public sealed class DeepMlp : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.ModuleList<nn.Module<Tensor, Tensor>> layers;
    private readonly nn.Module<Tensor, Tensor>[] norms;

    public DeepMlp()
        : base("deep")
    {
        layers = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.Linear(10, 20), nn.Linear(20, 30), nn.Linear(30, 5));
        norms = new nn.Module<Tensor, Tensor>[] { nn.BatchNorm1d(20), nn.BatchNorm1d(30) };
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            x = layers[i].call(x);
            if (i < layers.Count - 1)
            {
                x = norms[i].call(x);
                x = nn.functional.relu(x, inplace: true);
            }
        }

        return x;
    }
}
