public sealed class Stack : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.Module<Tensor, Tensor>> blocks = new();
    private readonly TorchSharp.Modules.Linear head;

    public Stack(int width, int depth)
        : base("stack")
    {
        for (int i = 0; i < depth; i++)
        {
            blocks.Add(nn.Linear(width, width));
        }

        head = nn.Linear(width, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (var block in blocks)
        {
            x = block.call(x).relu();
        }

        return head.call(x);
    }
}
