// A frozen backbone on purpose, and a new head.
class Transfer : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential backbone;
    private readonly Linear head;

    public Transfer(string weights)
        : base(nameof(Transfer))
    {
        backbone = nn.Sequential(nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d([1, 1]), nn.Flatten());
        backbone.load(weights);
        foreach (var parameter in backbone.parameters())
        {
            parameter.requires_grad = false;
        }

        head = nn.Linear(16, 7);
        RegisterComponents();
    }

    public override void train(bool train = true)
    {
        base.train(train);
        backbone.eval();
    }

    public override Tensor forward(Tensor image) => head.call(backbone.call(image));
}

class TransferTraining
{
    public void Run(IEnumerable<(Tensor X, Tensor Y)> batches)
    {
        using var net = new Transfer("backbone.dat");
        using var optimizer = optim.AdamW(net.parameters().Where(parameter => parameter.requires_grad), 1e-3, weight_decay: 1e-2);
        net.train();
        foreach (var (x, y) in batches)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var logits = net.call(x);
            nn.functional.cross_entropy(logits, y).backward();
            optimizer.step();
        }
    }
}
