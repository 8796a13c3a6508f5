using TorchSharp.Modules;
using static TorchSharp.torch.utils;

namespace SourceNet.Training;

/// <summary>Writes the losses, the metrics, what callbacks logged and the learning rate of each epoch for TensorBoard.</summary>
public sealed class TensorBoardProgress : ITrainingProgress
{
    private readonly SummaryWriter writer;
    private string model = "";

    /// <param name="folder">The folder of the run. TensorBoard is started with the folder above it.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public TensorBoardProgress(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        writer = tensorboard.SummaryWriter(folder);
    }

    /// <inheritdoc/>
    public void Begin(string model, int epochs, int stepsPerEpoch, int epochsDone) => this.model = model;

    /// <inheritdoc/>
    public void StepDone()
    {
    }

    /// <inheritdoc/>
    public void EpochDone(EpochResult result, string? metric)
    {
        ArgumentNullException.ThrowIfNull(result);
        Add("loss/step", result.StepLoss, result.Epoch);
        Add("loss/train", result.TrainLoss, result.Epoch);
        Add("loss/validation", result.ValidationLoss, result.Epoch);
        foreach (var one in result.MetricsOf(metric))
        {
            Add($"{one.Name}/train", one.Train, result.Epoch);
            Add($"{one.Name}/validation", one.Validation, result.Epoch);
        }

        foreach (var one in result.Logged)
        {
            Add($"{one.Name}/mean", one.Mean, result.Epoch);
            Add($"{one.Name}/largest", one.Largest, result.Epoch);
        }

        Add("learning rate", result.LearningRate, result.Epoch);
    }

    private void Add(string tag, double? value, int epoch)
    {
        if (value is { } number)
        {
            writer.add_scalar($"{model}/{tag}", (float)number, epoch);
        }
    }
}
