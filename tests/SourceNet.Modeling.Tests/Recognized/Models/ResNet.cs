public sealed class BasicBlock : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> layers, shortcut;

    public BasicBlock(int from, int to, int stride = 1)
        : base(nameof(BasicBlock))
    {
        layers = nn.Sequential(
            ("conv1", nn.Conv2d(from, to, 3, stride: stride, padding: 1, bias: false)),
            ("bn1", nn.BatchNorm2d(to)),
            ("relu1", nn.ReLU()),
            ("conv2", nn.Conv2d(to, to, 3, padding: 1, bias: false)),
            ("bn2", nn.BatchNorm2d(to)));
        shortcut = from == to && stride == 1 ? nn.Identity() : nn.Conv2d(from, to, 1, stride: stride);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => nn.functional.relu(layers.call(x) + shortcut.call(x));
}

public sealed class ResNet : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential stages = nn.Sequential();
    private readonly TorchSharp.Modules.Linear head;

    public ResNet(int classes = 10)
        : base(nameof(ResNet))
    {
        stages.append("stem", nn.Conv2d(3, 16, 3, padding: 1));
        AddStage(16, 16, 1, 2);
        AddStage(16, 32, 2, 2);
        head = nn.Linear(32, classes);
        RegisterComponents();
    }

    private void AddStage(int from, int to, int stride, int count)
    {
        for (var i = 0; i < count; i++)
        {
            stages.append(new BasicBlock(i == 0 ? from : to, to, i == 0 ? stride : 1));
        }
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = stages.call(input);
        x = nn.functional.adaptive_avg_pool2d(x, 1).flatten(1);
        return head.call(x).MoveToOuterDisposeScope();
    }
}
