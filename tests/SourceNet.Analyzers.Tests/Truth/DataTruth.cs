using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torchvision;

namespace SourceNet.Analyzers.Tests.Truth;

/// <summary>What the warnings about data warn of.</summary>
public class DataTruth
{
    [Fact]
    [Truth("SN4001")]
    public void An_augmented_evaluation_gives_another_score_at_each_run()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        random.manual_seed(1);
        var net = nn.Sequential(nn.Flatten(), nn.Linear(64, 2));
        net.eval();

        Assert.Single(Scores(transforms.Normalize([0.5], [0.5])));
        Assert.NotEmpty(Scores(transforms.Compose(transforms.RandomHorizontalFlip(), transforms.Normalize([0.5], [0.5]))).Skip(1));

        HashSet<float> Scores(ITransform transform)
        {
            using var images = datasets.MNIST("", train: false, target_transform: transform);
            using var loader = utils.data.DataLoader(images, 4);
            return Enumerable.Range(0, 20).Select(_ => loader.Sum(batch => net.call(batch["data"]).sum().item<float>())).ToHashSet();
        }
    }

    [Fact]
    [Truth("SN4002")]
    public void A_second_normalization_moves_the_images_off_and_color_after_it_loses_half_of_them()
    {
        using var scope = NewDisposeScope();
        var image = rand(1, 1, 64, 64);
        var once = transforms.Normalize([0.5], [0.29]).call(image);
        Assert.Equal(0, once.mean().item<float>(), 1);
        var twice = transforms.Compose(transforms.Normalize([0.5], [0.29]), transforms.Normalize([0.5], [0.29])).call(image);
        Assert.True(twice.mean().item<float>() < -1);

        var black = transforms.Compose(
            transforms.Normalize([0.5], [0.29]),
            transforms.AdjustBrightness(1.1)).call(image).eq(0).to(float32).mean().item<float>();
        Assert.True(black > 0.4);
        Assert.True(
            transforms.Compose(transforms.AdjustBrightness(1.1), transforms.Normalize([0.5], [0.29])).call(image).eq(0).to(float32).mean().item<float>() < 0.1);
    }

    [Fact]
    [Truth("SN4004")]
    public void A_list_of_the_batches_of_a_loader_is_a_list_of_disposed_tensors()
    {
        using var data = utils.data.TensorDataset(rand(8, 2));
        using (var loader = utils.data.DataLoader(data, 2, disposeDataset: false))
        {
            Assert.All(loader.ToList(), batch => Assert.True(batch[0].IsInvalid));
            Assert.All(loader.Select(batch => batch[0]).ToArray(), tensor => Assert.True(tensor.IsInvalid));

            var added = new List<Tensor>();
            foreach (var batch in loader)
            {
                added.Add(batch[0]);
                break;
            }

            Assert.True(added[0].IsInvalid);
        }

        using var keeping = utils.data.DataLoader(data, 2, disposeDataset: false, disposeBatch: false);
        Assert.All(keeping.ToList(), batch => Assert.False(batch[0].IsInvalid));
    }

    [Fact]
    [Truth("SN4007")]
    public void Parts_of_a_lazy_shuffle_share_samples()
    {
        var random = new Random(1);
        var lazy = Enumerable.Range(0, 1000).OrderBy(_ => random.Next());
        Assert.NotEmpty(lazy.Take(800).Intersect(lazy.Skip(800)));

        var once = lazy.ToList();
        Assert.Empty(once.Take(800).Intersect(once.Skip(800)));

        var seeded = Seeded(Enumerable.Range(0, 1000));
        Assert.Empty(seeded.Take(800).Intersect(seeded.Skip(800)));

        static IEnumerable<int> Seeded(IEnumerable<int> samples)
        {
            var random = new Random(1);
            foreach (var sample in samples.OrderBy(_ => random.Next()))
            {
                yield return sample;
            }
        }
    }
}
