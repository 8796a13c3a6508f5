// An own dataset, two loaders of TorchSharp, and a network that asks for its size by a trial run.
using System.IO;

internal sealed class PhotographDataset : utils.data.Dataset
{
    private readonly IReadOnlyList<(string Path, int Label)> _photographs;
    private readonly int _size;
    private readonly bool _flips;

    public PhotographDataset(IEnumerable<(string Path, int Label)> photographs, int size, bool flips)
    {
        _photographs = photographs.ToArray();
        _size = size;
        _flips = flips;
    }

    public override long Count => _photographs.Count;

    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        var (path, label) = _photographs[(int)index];
        using var scope = NewDisposeScope();
        var pixels = tensor(File.ReadAllBytes(path)).view(3, _size, _size).to(ScalarType.Float32) / 255;
        if (_flips && Random.Shared.Next(2) == 0)
        {
            pixels = pixels.flip(2);
        }

        return new()
        {
            ["image"] = ((pixels - 0.5) / 0.25).MoveToOuterDisposeScope(),
            ["label"] = tensor((long)label).MoveToOuterDisposeScope(),
        };
    }
}

internal sealed class PhotographNet : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential features;
    private readonly TorchSharp.Modules.Sequential classifier;

    public PhotographNet(int size, int classes)
        : base(nameof(PhotographNet))
    {
        features = nn.Sequential(
            nn.Conv2d(3, 32, 5, stride: 2, bias: false),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, bias: false),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten());
        features.eval();
        long width;
        using (no_grad())
        using (var trial = features.call(zeros(1, 3, size, size)))
        {
            width = trial.shape[1];
        }

        features.train();
        classifier = nn.Sequential(nn.Dropout(0.5), nn.Linear(width, classes));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        using var found = features.call(image);
        return classifier.call(found);
    }
}

internal sealed class PhotographTraining(Device device, Action<string> log)
{
    public void Run(IReadOnlyList<(string Path, int Label)> photographs, int classes)
    {
        var cut = photographs.Count * 8 / 10;
        using var train = utils.data.DataLoader(
            new PhotographDataset(photographs.Take(cut), 64, flips: true), 32, shuffle: true, device: device, drop_last: true);
        using var test = utils.data.DataLoader(new PhotographDataset(photographs.Skip(cut), 64, flips: false), 128, shuffle: false, device: device);
        using var net = new PhotographNet(64, classes);
        net.to(device);
        using var optimizer = optim.SGD(net.parameters(), 0.1, momentum: 0.9, nesterov: true);
        var schedule = optim.lr_scheduler.MultiStepLR(optimizer, [30, 60], 0.1);
        for (var epoch = 0; epoch < 90; epoch++)
        {
            TrainEpoch(net, optimizer, train);
            schedule.step();
            log($"{epoch}: {Test(net, test):P2}");
        }
    }

    private static void TrainEpoch(PhotographNet net, optim.Optimizer optimizer, TorchSharp.Modules.DataLoader loader)
    {
        net.train();
        foreach (var batch in loader)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var logits = net.call(batch["image"]);
            var loss = nn.functional.cross_entropy(logits, batch["label"], label_smoothing: 0.1);
            loss.backward();
            optimizer.step();
        }
    }

    private static double Test(PhotographNet net, TorchSharp.Modules.DataLoader loader)
    {
        net.eval();
        var (right, seen) = (0, 0);
        using var off = no_grad();
        foreach (var batch in loader)
        {
            using var scope = NewDisposeScope();
            var guesses = net.call(batch["image"]).argmax(1).cpu();
            var labels = batch["label"].cpu();
            right += guesses.data<long>().Zip(labels.data<long>()).Count(pair => pair.First == pair.Second);
            seen += (int)labels.shape[0];
        }

        return (double)right / seen;
    }
}
