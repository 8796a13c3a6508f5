using QuickStart.Data;
using static TorchSharp.torch;

namespace QuickStart.Training;

/// <summary>A saved model is worth something only if it says the same after loading.</summary>
internal static class ReloadCheck
{
    /// <summary>Loads <paramref name="file"/> into a new model and compares its logits with those of the trained one, bit for bit.</summary>
    /// <exception cref="InvalidDataException">They differ.</exception>
    public static void Run(TrainedModel trained, string file, LabeledImages images)
    {
        using var scope = NewDisposeScope();
        using var restored = trained.Create();
        restored.LoadSafetensors(file);
        var before = Evaluation.Logits(trained.Model, images);
        var after = Evaluation.Logits(restored, images);
        var differ = before.ne(after).any(1).sum().item<long>();
        if (differ > 0)
            throw new InvalidDataException($"{file}: expected the predictions of the trained model after loading, found others for {differ} of {images.Count} images");
    }
}
