// A classifier with validation after each epoch, a schedule and a checkpoint.
var device = cuda.is_available() ? CUDA : CPU;
using var net = new Classifier(8);
net.to(device);
using var optimizer = optim.AdamW(net.parameters(), 1e-3, weight_decay: 1e-2);
var scheduler = optim.lr_scheduler.StepLR(optimizer, 10);
var best = 0f;
for (var epoch = 0; epoch < 20; epoch++)
{
    net.train();
    var total = 0f;
    foreach (var (x, y) in Data.Batches(device))
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        var logits = net.call(x);
        var loss = nn.functional.cross_entropy(logits, y);
        loss.backward();
        optimizer.step();
        total += loss.item<float>();
    }

    scheduler.step();
    net.eval();
    using (no_grad())
    {
        using var scope = NewDisposeScope();
        var (x, y) = Data.Test(device);
        var accuracy = net.call(x).argmax(1).eq(y).to(ScalarType.Float32).mean().item<float>();
        if (accuracy > best)
        {
            best = accuracy;
            net.save("best.dat");
        }

        Console.WriteLine($"{epoch}: loss {total}, accuracy {accuracy}");
    }
}

sealed class Classifier : nn.Module<Tensor, Tensor>
{
    private readonly Linear first;
    private readonly TorchSharp.Modules.BatchNorm1d norm;
    private readonly Linear last;

    public Classifier(long width)
        : base(nameof(Classifier))
    {
        first = nn.Linear(4, width);
        norm = nn.BatchNorm1d(width);
        last = nn.Linear(width, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => last.call(nn.functional.dropout(norm.call(first.call(input)).relu(), 0.2, training: training));
}

static class Data
{
    public static IEnumerable<(Tensor X, Tensor Y)> Batches(Device device) =>
        Enumerable.Range(0, 4).Select(_ => (randn(16, 4, device: device), randint(0, 3, [16], device: device)));
    public static (Tensor X, Tensor Y) Test(Device device) => (randn(64, 4, device: device), randint(0, 3, [64], device: device));
}
