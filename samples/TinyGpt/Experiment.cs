using System.Diagnostics;
using System.Text;
using SourceNet;
using SourceNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace TinyGpt;

/// <summary>Trains a model, measures it, lets it write.</summary>
internal sealed class Experiment(Corpus corpus, int steps)
{
    public const int Context = 64;
    private const int BatchSize = 16;
    public const int StepsInAnEpoch = 100;

    public Model Create(string norm, int seed)
    {
        manual_seed(seed);
        return norm == "RMSNorm" ? new RmsNormGpt(corpus.Characters.Count) : new LayerNormGpt(corpus.Characters.Count);
    }

    /// <summary>Trains it.</summary>
    /// <returns>The losses of training and validation windows every 100 steps, in nats for each character.</returns>
    public TrainingHistory Train(Model model, int seed, ITrainingProgress progress)
    {
        var options = new TrainerOptions
        {
            Epochs = Math.Max(1, steps / StepsInAnEpoch),
            LearningRate = 2e-3,
            Metric = null,
            Schedule = Schedule.WarmUp(0.05, Schedule.Cosine(0.1)),
            Progress = progress
        };
        var measured = Windows(corpus.Train, 20, seed: 1000);
        var validation = Windows(corpus.Validation, 50, seed: 1001);
        return new Trainer(model, options).Fit(Windows(corpus.Train, StepsInAnEpoch, seed), validation, measured);
    }

    /// <summary>
    /// Whole training steps of two models in turn, so that whatever else the machine does hits both: the time of the first over that of the second, and of
    /// each.
    /// </summary>
    public (double Ratio, double One, double Other) Speed(Model one, Model other)
    {
        const int Rounds = 40;
        using var windows = NewDisposeScope();
        var batch = Windows(corpus.Train, 1, seed: 5).Epoch(1).Select(batch => (batch.Inputs.clone(), batch.Targets.clone())).First();
        using var first = one.CreateOptimizer(1e-4);
        using var second = other.CreateOptimizer(1e-4);
        one.train();
        other.train();
        var (ratios, ones, others) = (new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds + 5; round++)
        {
            var (a, b) = (Step(one, first, batch), Step(other, second, batch));
            if (round >= 5)
            {
                ratios.Add(a / b);
                ones.Add(a);
                others.Add(b);
            }
        }

        return (Median(ratios), Median(ones), Median(others));
    }

    /// <summary>Lets a model go on with a text.</summary>
    public string Write(Model model, string start, int characters, double temperature)
    {
        model.eval();
        using var ungraded = no_grad();
        using var divisor = temperature.ToScalar();
        var tokens = corpus.Encode(start).ToList();
        var text = new StringBuilder(start);
        for (var count = 0; count < characters; count++)
        {
            using var scope = NewDisposeScope();
            long[] seen = [.. tokens.TakeLast(Context).Select(token => (long)token)];
            var logits = ((nn.Module<Tensor, Tensor>)model).call(tensor(seen, 1, seen.Length))[0, -1];
            var next = logits.div(divisor).softmax(0).multinomial(1).item<long>();
            tokens.Add((int)next);
            text.Append(corpus.Characters[(int)next]);
        }

        return text.ToString();
    }

    /// <summary>Windows at random places, none twice in an epoch.</summary>
    private static TextWindows Windows(ReadOnlyMemory<int> tokens, int batches, long seed) =>
        new(tokens, Context, BatchSize, stride: 1, seed: seed, shuffle: true, batches: batches);

    private static double Step(Model model, optim.Optimizer optimizer, (Tensor Inputs, Tensor Targets) batch)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        optimizer.zero_grad();
        model.Loss(((nn.Module<Tensor, Tensor>)model).call(batch.Inputs), batch.Targets).backward();
        optimizer.step();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
