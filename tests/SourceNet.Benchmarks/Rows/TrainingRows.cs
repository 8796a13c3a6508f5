using SourceNet.Benchmarks.HandWritten;
using SourceNet.Benchmarks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>
/// Whole training steps: forward, loss, backward, step. The declared model trains as it is generated; against it stands the same network from TorchSharp's
/// modules with <c>torch.optim.AdamW</c>, its decay on all parameters as usual.
/// </summary>
internal static class TrainingRows
{
    private const string Composed = "TorchSharp's modules and torch.optim.AdamW";
    private const double LearningRate = 1e-4;

    internal static IEnumerable<Row> All =>
    [
        new("step of an MLP 64-128-128-10, batch 32", Composed, 2.5, () => Against(
            Mlp.Of([64, 128, 128, 10], _ => [("relu", nn.ReLU())]), new SmallMlp(), randn(32, 64), Classes(10, 32), smoothing: 0)),
        new("step of an MLP 64-128-128-10 with RMSNorm, SiLU, dropout, batch 32", Composed, 2.5, () => Against(
            Mlp.Of([64, 128, 128, 10], size => [("norm", new RootMeanSquareNorm(size)), ("silu", nn.SiLU()), ("dropout", nn.Dropout(0.1))]),
            new NormedMlp(), randn(32, 64), Classes(10, 32), smoothing: 0.1)),
        new("step of an MLP 784-512-512-10 with dropout, batch 128", Composed, 1.4, () => Against(
            Mlp.Of([784, 512, 512, 10], _ => [("relu", nn.ReLU()), ("dropout", nn.Dropout(0.3))]), new LargeMlp(), randn(128, 784), Classes(10, 128),
            smoothing: 0)),
        new(
            "step of the quick start's CNN, batch 64",
            Composed,
            1,
            () => Against(HandWrittenCnn(), new Cnn(), randn(64, 1, 28, 28), Classes(10, 64), smoothing: 0.1)),
        new("step of a GPT, 4 layers of 256, 8 x 128 tokens", Composed, 1, () => Against(
            new HandWritten.Gpt(256, 256, 8, 4, 128), new Models.Gpt(), Classes(256, 8, 128), Classes(256, 8, 128), smoothing: 0, clip: 1)),
        new("step of the same GPT, sums computed with the norms after them", "the same declared model whose blocks are called one by one", 1, () => Against(
            new ApartGpt(), new Models.Gpt(), Classes(256, 8, 128), Classes(256, 8, 128))),
    ];

    /// <summary>Two declared models, each with its own optimizer.</summary>
    private static Contest Against(Model other, Model declared, Tensor input, Tensor targets)
    {
        var (others, ours) = (other.CreateOptimizer(LearningRate), declared.CreateOptimizer(LearningRate));
        return new(() => Step(other, others), () => Step(declared, ours), [others, ours, other, declared, input, targets]);

        void Step(Model model, optim.Optimizer optimizer)
        {
            optimizer.zero_grad();
            using var output = model.call(input);
            using var loss = model.Loss(output, targets);
            loss.backward();
            optimizer.step();
        }
    }

    private static Contest Against(nn.Module<Tensor, Tensor> hand, Model declared, Tensor input, Tensor targets, double smoothing, double? clip = null)
    {
        var torchs = optim.AdamW(hand.parameters(), LearningRate, weight_decay: 0.01);
        var ours = declared.CreateOptimizer(LearningRate);
        return new(Other, Kernel, [torchs, ours, hand, declared, input, targets]);

        void Other()
        {
            using var scope = NewDisposeScope();
            torchs.zero_grad();
            var output = hand.call(input);
            var classes = output.size(-1);
            var loss = nn.functional.cross_entropy(output.reshape(-1, classes), targets.reshape(-1), label_smoothing: smoothing);
            loss.backward();
            if (clip is { } norm)
            {
                nn.utils.clip_grad_norm_(hand.parameters(), norm);
            }

            torchs.step();
        }

        void Kernel()
        {
            ours.zero_grad();
            using var output = declared.call(input);
            using var loss = declared.Loss(output, targets);
            loss.backward();
            ours.step();
        }
    }

    private static nn.Module<Tensor, Tensor> HandWrittenCnn() => nn.Sequential(
        ("conv1", nn.Conv2d(1, 16, kernel_size: 3, padding: 1, bias: false)), ("norm1", nn.BatchNorm2d(16)), ("relu1", nn.ReLU()), ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(16, 32, kernel_size: 3, padding: 1, bias: false)), ("norm2", nn.BatchNorm2d(32)), ("relu2", nn.ReLU()), ("pool2", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()), ("dropout1", nn.Dropout(0.5)), ("linear1", nn.Linear(1568, 128)), ("relu3", nn.ReLU()),
        ("dropout2", nn.Dropout(0.5)), ("linear2", nn.Linear(128, 10)));

    private static Tensor Classes(long count, params long[] shape) => randint(count, shape, ScalarType.Int64);
}
