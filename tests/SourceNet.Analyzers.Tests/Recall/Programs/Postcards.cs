// Pictures from a folder: TorchVision's transforms, a shuffled split, a loader for training and one for evaluation.
using System.IO;
using TorchSharp.Modules;
using static TorchSharp.torchvision;
using static TorchSharp.torchvision.transforms;

internal sealed class PostcardDataset(IReadOnlyList<string> paths, ITransform steps) : utils.data.Dataset
{
    public override long Count => paths.Count;

    public override Dictionary<string, Tensor> GetTensor(long index)
    {
        using var scope = NewDisposeScope();
        var bytes = File.ReadAllBytes(paths[(int)index]);
        var image = tensor(bytes[1..]).view(3, 32, 32).to(ScalarType.Float32) / 255;
        return new()
        {
            ["image"] = steps.call(image).MoveToOuterDisposeScope(),
            ["label"] = tensor((long)bytes[0]).MoveToOuterDisposeScope(),
        };
    }
}

internal static class Postcards
{
    private static readonly double[] s_means = [0.5, 0.5, 0.5];

    private static readonly double[] s_deviations = [0.25, 0.25, 0.25];

    public static Sequential Net(int classes) => nn.Sequential(
        nn.Flatten(),
        nn.Linear(3 * 32 * 32, 256, hasBias: false),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(256, classes));

    public static (Sequential Net, double Accuracy, Tensor Labels) Run(IReadOnlyList<string> paths, int classes, Device device)
    {
        var random = new Random(7);
        var shuffled = paths.OrderBy(_ => random.Next()).ToList();
        var cut = paths.Count * 9 / 10;
        var flip = RandomHorizontalFlip();
        var trainSet = new PostcardDataset(shuffled.Take(cut).ToList(), Compose(flip, ColorJitter(0.2f, 0.2f), Normalize(s_means, s_deviations)));
        var testSet = new PostcardDataset(shuffled.Skip(cut).ToList(), Compose(CenterCrop(32), Normalize(s_means, s_deviations)));
        using var trainLoader = utils.data.DataLoader(trainSet, 32, shuffle: true, device: device, drop_last: true);
        using var testLoader = utils.data.DataLoader(testSet, 128, shuffle: false, device: device);

        var net = Net(classes).to(device);
        using var optimizer = optim.AdamW(net.parameters(), 1e-3, weight_decay: 0.01);
        for (var epoch = 0; epoch < 20; epoch++)
        {
            net.train();
            foreach (var batch in trainLoader)
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var loss = nn.functional.cross_entropy(net.call(batch["image"]), batch["label"]);
                loss.backward();
                optimizer.step();
            }
        }

        net.eval();
        using var off = no_grad();
        var right = 0L;
        foreach (var batch in testLoader)
        {
            using var scope = NewDisposeScope();
            right += net.call(batch["image"]).argmax(1).eq(batch["label"]).sum().item<long>();
        }

        var labels = testLoader.Select(batch => batch["label"].clone()).ToList();
        return (net, right / (double)testSet.Count, cat(labels));
    }
}
