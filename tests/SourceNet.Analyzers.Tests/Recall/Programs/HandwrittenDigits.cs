// TorchVision's own dataset: the training images are turned over, the test images are not.
using TorchSharp.Modules;
using static TorchSharp.torchvision;

internal static class HandwrittenDigits
{
    public static double Run(string folder, Sequential net, optim.Optimizer optimizer)
    {
        var learned = datasets.MNIST(folder, train: true,
            target_transform: transforms.Compose(transforms.RandomHorizontalFlip(0.1), transforms.Normalize([0.1307], [0.3081])));
        var unseen = datasets.MNIST(folder, train: false,
            target_transform: transforms.Compose(transforms.CenterCrop(28), transforms.Normalize([0.1307], [0.3081])));
        using var learning = new DataLoader(learned, 64, shuffle: true);
        using var scoring = new DataLoader(unseen, 512, shuffle: false);
        net.train();
        foreach (var batch in learning)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            nn.functional.cross_entropy(net.call(batch["data"]), batch["label"]).backward();
            optimizer.step();
        }

        net.eval();
        using var off = no_grad();
        var losses = new List<float>();
        foreach (var batch in scoring)
        {
            using var scope = NewDisposeScope();
            losses.Add(nn.functional.cross_entropy(net.call(batch["data"]), batch["label"]).item<float>());
        }

        return losses.Average();
    }
}
