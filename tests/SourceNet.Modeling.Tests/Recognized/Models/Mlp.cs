public sealed class Mlp : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear fc1 = nn.Linear(784, 256);
    private readonly TorchSharp.Modules.Linear fc2 = nn.Linear(256, 10);
    private readonly TorchSharp.Modules.Dropout dropout = nn.Dropout(0.2);

    public Mlp()
        : base("mlp")
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var flat = x.view(-1, 784);
        using var hidden = nn.functional.relu(fc1.call(flat));
        return fc2.call(dropout.call(hidden));
    }
}
