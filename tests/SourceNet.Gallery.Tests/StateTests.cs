using SourceNet.Verification;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>The state dict: its names, and its way to a file and back.</summary>
public class StateTests
{
    public static TheoryData<string> Names => Specimens.Names();

    /// <summary>Files that people have depend on these names.</summary>
    [Fact]
    public void Names_and_shapes_are_as_they_were()
    {
        var text = new System.Text.StringBuilder();
        foreach (var specimen in Specimens.All)
        {
            using var model = specimen.Model();
            text.Append(specimen.Name).Append('\n');
            foreach (var (name, value) in model.state_dict())
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {name} [{string.Join(", ", value.shape)}]\n");
            }
        }

        Snapshot.Verify(text.ToString(), "txt");
    }

    [Theory, MemberData(nameof(Names))]
    public void Survives_a_file(string name) => CheckFile(Specimens.Of(name), (model, path) => model.save(path), (model, path) => model.load(path));

    [Theory, MemberData(nameof(Names))]
    public void Survives_a_safetensors_file(string name) =>
        CheckFile(Specimens.Of(name), (model, path) => model.SaveSafetensors(path), (model, path) => model.LoadSafetensors(path));

    [Theory, MemberData(nameof(Names))]
    public void Starts_with_norms_that_change_nothing(string name)
    {
        using var model = Specimens.Of(name).Model();
        foreach (var (path, value) in model.named_parameters().Where(pair => pair.name.Contains(".norm")))
        {
            Assert.True((value == (path.EndsWith(".bias") ? 0 : 1)).all().item<bool>(), path);
        }
    }

    private static void CheckFile(Specimen specimen, Action<Model, string> save, Action<Model, string> load)
    {
        using var scope = NewDisposeScope();
        var path = Path.GetTempFileName();
        try
        {
            manual_seed(1);
            var (saved, loaded) = (specimen.Model(), specimen.Model());
            var input = specimen.Input();
            saved.eval();
            loaded.eval();
            Assert.False(saved.call(input).Equals(loaded.call(input)));

            save(saved, path);
            load(loaded, path);

            Assert.True(saved.call(input).Equals(loaded.call(input)));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
