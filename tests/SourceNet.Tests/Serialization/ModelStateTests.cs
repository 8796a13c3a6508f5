using SourceNet.CompilerServices;
using SourceNet.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Serialization;

public sealed class ModelStateTests : IDisposable
{
    private const string Alias = "logits.linear.weight";
    private const string Owner = "embed.embedding.weight";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_comes_back_from_its_file()
    {
        using var saved = new SmallCnn();
        using (var _ = saved.call(randn(4, 3, 8, 8)))
        {
            // One step in train mode moves the running statistics away from where a new model has them.
        }
        saved.SaveSafetensors(folder["cnn"], new Dictionary<string, string> { ["epoch"] = "3" });
        using var loaded = new SmallCnn();
        var result = loaded.LoadSafetensors(folder["cnn"]);
        Assert.Empty(result.Missing);
        Assert.Empty(result.Unexpected);
        AssertSame(saved, loaded);
        Assert.Equal(1, loaded.block_norm.num_batches_tracked!.item<long>());
        Assert.Equal("3", Safetensors.ReadMetadata(folder["cnn"])["epoch"]);
        Assert.All(loaded.parameters(), parameter => Assert.True(parameter.is_leaf && parameter.requires_grad));
    }

    [Fact]
    public void TorchSharps_own_save_and_load_work()
    {
        using var saved = new SmallLanguageModel();
        saved.save(folder["dat"]);
        using var loaded = new SmallLanguageModel();
        loaded.load(folder["dat"]);
        AssertSame(saved, loaded);
        using var copied = new SmallLanguageModel();
        copied.load_state_dict(saved.state_dict());
        AssertSame(saved, copied);
    }

    [Fact]
    public void Loading_writes_into_the_parameters_that_are_there()
    {
        using var model = new SmallLanguageModel();
        model.SaveSafetensors(folder["lm"]);
        var handles = model.parameters().Select(parameter => parameter.Handle).ToArray();
        model.LoadSafetensors(folder["lm"]);
        Assert.Equal(handles, model.parameters().Select(parameter => parameter.Handle));
    }

    public static TheoryData<string, Action<Dictionary<string, Tensor>>, string[]> Misfits => new()
    {
        { "shape", state => state["hidden.linear.weight"] = ones(8, 5), ["hidden.linear.weight: expected Float32 [8, 4], found Float32 [8, 5]"] },
        { "type", state => state["hidden.linear.bias"] = ones(8, dtype: ScalarType.Float64), ["hidden.linear.bias: expected Float32 [8], found Float64 [8]"] },
        { "missing", state => state.Remove("block.norm.weight"), ["missing in the file: block.norm.weight"] },
        { "unknown", state => state["x.weight"] = ones(1), ["unknown to the model: x.weight"] },
        { "all at once", state =>
            { state["x"] = ones(1); state.Remove("block.conv.weight"); state["hidden.linear.bias"] = ones(9); },
            ["unknown to the model: x", "missing in the file: block.conv.weight", "hidden.linear.bias: expected"] },
    };

    [Theory, MemberData(nameof(Misfits))]
    public void A_file_that_does_not_fit_is_refused_and_the_model_is_as_it_was(string what, Action<Dictionary<string, Tensor>> change, string[] reasons)
    {
        using var other = new SmallCnn();
        var state = other.state_dict();
        change(state);
        Safetensors.Write(folder[what], state);
        using var model = new SmallCnn();
        var before = Copy(model);
        var error = Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder[what]));
        Assert.StartsWith($"{folder[what]}: does not fit SmallCnn, which is unchanged:\n", error.Message);
        Assert.All(reasons, reason => Assert.Contains(reason, error.Message));
        AssertState(before, model);
    }

    [Fact]
    public void A_file_damaged_in_its_last_tensor_changes_nothing()
    {
        using var source = new WithFlag();
        source.SaveSafetensors(folder["flag"]);
        var bytes = File.ReadAllBytes(folder["flag"]);
        bytes[^1] = 2;
        File.WriteAllBytes(folder["flag"], bytes);
        using var model = new WithFlag();
        var before = Copy(model);
        Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["flag"]));
        AssertState(before, model);
    }

    [Fact]
    public void Without_strict_other_names_are_reported_and_the_rest_is_loaded()
    {
        using var source = new SmallCnn();
        var state = source.state_dict();
        state["x"] = ones(1);
        state.Remove("hidden.linear.bias");
        Safetensors.Write(folder["part"], state);
        using var model = new SmallCnn();
        using var bias = model.hidden_linear.bias!.detach().clone();
        var result = model.LoadSafetensors(folder["part"], strict: false);
        Assert.Equal(["hidden.linear.bias"], result.Missing);
        Assert.Equal(["x"], result.Unexpected);
        Assert.True(model.hidden_linear.bias!.equal(bias).all().item<bool>());
        Assert.True(model.hidden_linear.weight.equal(source.hidden_linear.weight).all().item<bool>());
    }

    [Fact]
    public void Without_strict_shapes_and_types_must_still_match()
    {
        using var source = new SmallCnn();
        var state = source.state_dict();
        state["hidden.linear.bias"] = ones(9);
        Safetensors.Write(folder["part"], state);
        using var model = new SmallCnn();
        Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["part"], strict: false));
    }

    [Fact]
    public void The_name_of_a_tied_weight_is_accepted_beside_its_owner()
    {
        using var source = new SmallLanguageModel();
        var state = source.state_dict();
        state[Alias] = state[Owner].clone();
        Safetensors.Write(folder["tied"], state);
        using var model = new SmallLanguageModel();
        Assert.Empty(model.LoadSafetensors(folder["tied"]).Unexpected);
        AssertSame(source, model);
        using var copied = new SmallLanguageModel();
        copied.load_state_dict(state);
        AssertSame(source, copied);
    }

    [Fact]
    public void The_name_of_a_tied_weight_stands_in_for_its_owner()
    {
        using var source = new SmallLanguageModel();
        var state = source.state_dict();
        state.Remove(Owner, out var weight);
        state[Alias] = weight!;
        Safetensors.Write(folder["tied"], state);
        using var model = new SmallLanguageModel();
        model.LoadSafetensors(folder["tied"]);
        AssertSame(source, model);
        using var copied = new SmallLanguageModel();
        copied.load_state_dict(state);
        AssertSame(source, copied);
    }

    [Fact]
    public void A_tied_weight_of_another_shape_or_other_values_is_refused()
    {
        using var source = new SmallLanguageModel();
        var state = source.state_dict();
        using var model = new SmallLanguageModel();
        var before = Copy(model);
        state[Alias] = ones(11, 7);
        Safetensors.Write(folder["tied"], state);
        Assert.Contains($"{Alias}: expected Float32 [11, 6], found Float32 [11, 7]",
            Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["tied"])).Message);
        Assert.Contains("[11, 7]", Assert.Throws<InvalidOperationException>(() => model.load_state_dict(state)).Message);
        state[Alias] = ones(11, 6);
        Safetensors.Write(folder["tied"], state);
        Assert.Contains("differ", Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["tied"])).Message);
        Assert.Contains("differ", Assert.Throws<InvalidOperationException>(() => model.load_state_dict(state)).Message);
        AssertState(before, model);
    }

    [Fact]
    public void Ties_inside_of_a_nested_model_are_known_by_their_full_name()
    {
        using var source = new Wrapped();
        var state = source.state_dict();
        state["inner.part." + Alias] = state["inner.part." + Owner].clone();
        Safetensors.Write(folder["nested"], state);
        using var model = new Wrapped();
        model.LoadSafetensors(folder["nested"]);
        AssertSame(source, model);
    }

    [Fact]
    public void A_model_of_another_type_is_converted_before_it_loads()
    {
        using var source = new SmallLanguageModel();
        source.to(ScalarType.BFloat16);
        source.SaveSafetensors(folder["half"]);
        using var model = new SmallLanguageModel();
        Assert.Contains("found BFloat16", Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["half"])).Message);
        model.to(ScalarType.BFloat16);
        model.LoadSafetensors(folder["half"]);
        AssertSame(source, model);
    }

    [Fact]
    public void Saving_and_loading_leave_no_tensor_behind()
    {
        using var model = new SmallLanguageModel();
        model.SaveSafetensors(folder["lm"]);
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        var before = statistics.ThreadTotalLiveCount;
        model.SaveSafetensors(folder["lm"]);
        model.LoadSafetensors(folder["lm"]);
        Assert.Equal(before, statistics.ThreadTotalLiveCount);
    }

    private static Dictionary<string, Tensor> Copy(Model model) => model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());

    private static void AssertSame(Model expected, Model actual) => AssertState(expected.state_dict(), actual);

    private static void AssertState(Dictionary<string, Tensor> expected, Model actual)
    {
        var state = actual.state_dict();
        Assert.Equal(expected.Keys.Order(), state.Keys.Order());
        Assert.All(expected, entry => Assert.True(entry.Value.equal(state[entry.Key]).all().item<bool>(), entry.Key));
    }

    /// <summary>Its bool is the last tensor of a file: the smallest type, and the last in the alphabet.</summary>
    private sealed class WithFlag : BareModel
    {
        protected override void RegisterLayers(LayerRegistry layers)
        {
            layers.Add("a", nn.Linear(3, 3));
            register_buffer("z", ones([2], ScalarType.Bool));
        }
    }

    private sealed class Wrapped : BareModel
    {
        protected override void RegisterLayers(LayerRegistry layers) => layers.Add("inner.part", new SmallLanguageModel());
    }
}
