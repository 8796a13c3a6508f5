using SourceNet;
using SourceNet.Training;
using static TorchSharp.torch;

namespace QuickStart;

/// <summary>A saved model is worth something only if it says the same after loading.</summary>
internal static class ReloadCheck
{
    /// <summary>Loads <paramref name="file"/> into a new model and compares its logits with those of the trained one, bit for bit.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public static void Run(TrainedModel trained, string file, Batches images)
    {
        using var restored = trained.Create();
        restored.LoadSafetensors(file);
        using var trainedMode = trained.Model.EvalScope();
        using var restoredMode = restored.EvalScope();
        using var noGradients = no_grad();
        var (differ, count) = (0L, 0L);
        foreach (var batch in images.Epoch(0))
        {
            using var scope = NewDisposeScope();    // frees every tensor of the batch
            differ += trained.Model.call(batch.Images).ne(restored.call(batch.Images)).any(1).sum().item<long>();
            count += batch.Labels.size(0);
        }

        if (differ > 0)
            throw new InvalidDataException($"{file}: expected the predictions of the trained model after loading, found others for {differ} of {count} images");
    }
}
