using QuickStart.Data;
using QuickStart.Report;
using SourceNet;
using static TorchSharp.torch;

namespace QuickStart.Training;

/// <summary>Trains models on the same data, in the same order, for the same number of epochs, from the same seed.</summary>
internal sealed class Trainer(FashionMnist data, ExperimentSettings settings, CancellationToken cancel)
{
    /// <summary>Makes a model and trains it; the declaration decides its loss and its optimizer.</summary>
    /// <exception cref="OperationCanceledException">The user does not want to wait any longer.</exception>
    public TrainedModel Train(Func<Model> create, ITrainingDisplay display)
    {
        manual_seed(settings.Seed);     // first weights and dropout
        var shuffle = new Random(settings.Seed);

        var model = create();
        var name = model.GetType().Name;
        var order = Enumerable.Range(0, data.Train.Count).ToArray();
        var results = new List<EpochResult>();
        using var optimizer = model.CreateOptimizer(ExperimentSettings.LearningRate);
        display.Begin(name, settings.Epochs, (order.Length + ExperimentSettings.BatchSize - 1) / ExperimentSettings.BatchSize);
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            shuffle.Shuffle(order);
            var loss = Epoch(model, optimizer, order, display);
            var result = new EpochResult(epoch, loss, Evaluation.Accuracy(model, data.Train), Evaluation.Accuracy(model, data.Test));
            results.Add(result);
            display.EpochDone(result);
        }
        return new TrainedModel(create, model, new LearningCurve(name, results));
    }

    /// <summary>One pass over the training images. Returns the mean loss.</summary>
    private double Epoch(Model model, optim.Optimizer optimizer, int[] order, ITrainingDisplay display)
    {
        model.train();
        var total = 0.0;
        foreach (var chosen in order.Chunk(ExperimentSettings.BatchSize))
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();    // frees every tensor of the step
            var (images, labels) = data.Train.Batch(chosen);
            var loss = model.Loss(model.call(images), labels);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            total += loss.item<float>() * chosen.Length;
            display.BatchDone();
        }
        return total / order.Length;
    }
}
