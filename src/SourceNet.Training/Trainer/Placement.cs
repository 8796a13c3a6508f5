using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Data go where the model is.</summary>
internal static class Placement
{
    /// <summary>The tensors of a batch on the device of the model's first parameter.</summary>
    internal static (Tensor Inputs, Tensor Targets) On(nn.Module model, TrainingBatch batch) => model.parameters().FirstOrDefault() is { } parameter
        ? (batch.Inputs.to(parameter.device), batch.Targets.to(parameter.device))
        : (batch.Inputs, batch.Targets);
}
