using QuickStart.Models;
using SourceNet.Training;

namespace QuickStart.Tests;

public sealed class ReloadCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LabeledImages images = new(
        [.. Enumerable.Range(0, 5 * 28 * 28).Select(i => (byte)i)],
        [0, 1, 2, 3, 4],
        new ImageShape(1, 28, 28),
        classes: 10);

    public void Dispose()
    {
        folder.Dispose();
        images.Dispose();
    }

    [Fact]
    public void A_file_of_the_same_model_passes()
    {
        using var trained = Untrained();
        trained.Model.SaveSafetensors(folder.File("model.safetensors"));

        ReloadCheck.Run(trained, folder.File("model.safetensors"), Batches);
    }

    [Fact]
    public void A_file_of_another_model_is_told()
    {
        using var trained = Untrained();
        using var other = new RegularizedCnn();
        other.SaveSafetensors(folder.File("model.safetensors"));

        var error = Assert.Throws<InvalidDataException>(() =>
            ReloadCheck.Run(trained, folder.File("model.safetensors"), Batches));

        Assert.Equal(
            $"{folder.File("model.safetensors")}: expected the predictions of the trained model after loading, found others for 5 of 5 images",
            error.Message);
    }

    private Batches Batches => new(images, FashionMnist.Normalize, size: 2);

    private static TrainedModel Untrained() =>
        new(() => new RegularizedCnn(), new RegularizedCnn(), new TrainingHistory(nameof(RegularizedCnn), null, [], null!, false));
}
