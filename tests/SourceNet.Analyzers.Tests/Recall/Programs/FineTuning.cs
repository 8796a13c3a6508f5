// A pretrained backbone and a new head: slow and fast groups, with decay on weights only, in one cycle.
using AdamWGroup = TorchSharp.Modules.AdamW.ParamGroup;

public class Backbone : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> stem = nn.Sequential(nn.Conv2d(3, 24, 3, stride: 2, bias: false), nn.BatchNorm2d(24), nn.Hardswish());
    private readonly nn.Module<Tensor, Tensor> stage1 = new Residual(24);
    private readonly nn.Module<Tensor, Tensor> stage2 = new Residual(24);
    private readonly nn.Module<Tensor, Tensor> pool = nn.AdaptiveAvgPool2d([1, 1]);

    public Backbone()
        : base("Backbone") => RegisterComponents();

    public long Width => 24;

    public override Tensor forward(Tensor x)
    {
        x = stem.call(x);
        x = stage1.call(x);
        x = stage2.call(x);
        return pool.call(x).flatten(1);
    }
}

public class Residual : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Conv2d convolution;
    private readonly TorchSharp.Modules.BatchNorm2d norm;

    public Residual(long width)
        : base("Residual")
    {
        convolution = nn.Conv2d(width, width, 3, padding: 1, bias: false);
        norm = nn.BatchNorm2d(width);
        this.RegisterComponents();
    }

    public override Tensor forward(Tensor x) => nn.functional.hardswish(x + norm.call(convolution.call(x)));
}

public class FineTuned : nn.Module<Tensor, Tensor>
{
    public FineTuned(Backbone backbone, long classes)
        : base("FineTuned")
    {
        Backbone = backbone;
        Head = nn.Sequential(nn.Dropout(0.2), nn.Linear(backbone.Width, classes));
        register_module("backbone", Backbone);
        register_module("head", Head);
    }

    public Backbone Backbone { get; }

    public TorchSharp.Modules.Sequential Head { get; }

    public override Tensor forward(Tensor x) => Head.call(Backbone.call(x));
}

public class FineTuning
{
    private const int Epochs = 12;

    public required Device Device { get; init; }

    public FineTuned Run(string weights, int classes, IReadOnlyCollection<(Tensor X, Tensor Y)> train)
    {
        var backbone = new Backbone();
        backbone.load(weights);
        var net = new FineTuned(backbone, classes);
        net.to(Device);
        var slow = net.Backbone.parameters().ToList();
        var fast = net.Head.parameters().ToList();
        using var optimizer = optim.AdamW(
            [
                new AdamWGroup { Parameters = slow.Where(IsWeight), Options = new() { LearningRate = 1e-4, weight_decay = 0.05 } },
                new AdamWGroup { Parameters = slow.Where(IsVector), Options = new() { LearningRate = 1e-4, weight_decay = 0 } },
                new AdamWGroup { Parameters = fast.Where(IsWeight), Options = new() { LearningRate = 1e-3, weight_decay = 0.05 } },
                new AdamWGroup { Parameters = fast.Where(IsVector), Options = new() { LearningRate = 1e-3, weight_decay = 0 } },
            ],
            lr: 1e-3);
        var cycle = optim.lr_scheduler.OneCycleLR(optimizer, [1e-4, 1e-4, 1e-3, 1e-3], total_steps: Epochs * train.Count);
        net.train();
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            foreach (var (x, y) in train)
            {
                using var scope = NewDisposeScope();
                using var loss = nn.functional.cross_entropy(net.call(x.to(Device)), y.to(Device));
                optimizer.zero_grad();
                loss.backward();
                optimizer.step();
                cycle.step();
            }
        }

        return net;
    }

    public int[] Predict(FineTuned net, Tensor images)
    {
        net.eval();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var labels = net.call(images.to(Device)).argmax(1).to(CPU);
        return labels.data<long>().Select(label => (int)label).ToArray();
    }

    private static bool IsWeight(Parameter parameter) => parameter.ndim > 1;

    private static bool IsVector(Parameter parameter) => !IsWeight(parameter);
}
