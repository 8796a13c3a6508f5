public sealed class Head(int width, int classes, double drop = 0.5) : nn.Module<Tensor, Tensor>("head")
{
    private readonly TorchSharp.Modules.Linear hidden = nn.Linear(width, width / 2);
    private readonly TorchSharp.Modules.Linear logits = nn.Linear(width / 2, classes);

    public override Tensor forward(Tensor x)
    {
        x = hidden.call(x).gelu();
        x = nn.functional.dropout(x, drop, training: training);
        return logits.call(x);
    }
}
