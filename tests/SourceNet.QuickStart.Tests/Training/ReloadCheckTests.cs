using QuickStart.Data;
using QuickStart.Models;
using QuickStart.Training;

namespace QuickStart.Tests.Training;

public sealed class ReloadCheckTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly TinyFashionMnist files = TinyFashionMnist.Counting();

    public void Dispose()
    {
        folder.Dispose();
        files.Dispose();
    }

    [Fact]
    public void A_file_of_the_same_model_passes()
    {
        using var trained = Untrained();
        trained.Model.SaveSafetensors(folder.File("model.safetensors"));

        ReloadCheck.Run(trained, folder.File("model.safetensors"), FashionMnist.Load(files.Folder).Test);
    }

    [Fact]
    public void A_file_of_another_model_is_told()
    {
        using var trained = Untrained();
        using var other = new RegularizedCnn();
        other.SaveSafetensors(folder.File("model.safetensors"));

        var error = Assert.Throws<InvalidDataException>(() =>
            ReloadCheck.Run(trained, folder.File("model.safetensors"), FashionMnist.Load(files.Folder).Test));

        Assert.Equal($"{folder.File("model.safetensors")}: expected the predictions of the trained model after loading, found others for 5 of 5 images", error.Message);
    }

    private static TrainedModel Untrained() => new(() => new RegularizedCnn(), new RegularizedCnn(), new LearningCurve(nameof(RegularizedCnn), []));
}
