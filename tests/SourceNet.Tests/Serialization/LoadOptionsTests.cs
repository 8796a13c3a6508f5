using SourceNet.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Serialization;

/// <summary>Weights under other names, in other shapes and types come to where they belong, or an error says why not.</summary>
public sealed class LoadOptionsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_prefix_goes_and_names_are_changed_exactly_and_by_patterns()
    {
        using var model = new SmallCnn();
        using var source = new SmallCnn();
        Save(source, name => $"net.{name
            .Replace("block.conv", "stem.0")
            .Replace("block.norm", "stem.1")
            .Replace("logits.linear.weight", "fc.w")
            .Replace("logits.linear.bias", "fc.b")}");

        var loaded = model.LoadSafetensors(folder["other"], new LoadOptions
        {
            Prefix = "net.",
            Names = new Dictionary<string, string>
            {
                ["stem.0.*"] = "block.conv.*",
                ["stem.1.*"] = "block.norm.*",
                ["fc.w"] = "logits.linear.weight",
                ["fc.b"] = "logits.linear.bias",
            },
        });

        Assert.Empty(loaded.Missing);
        Assert.Empty(loaded.Unexpected);
        AssertSame(source, model, model.state_dict().Keys);
    }

    [Fact]
    public void A_head_of_another_size_keeps_its_values_and_is_reported()
    {
        using var model = new SmallCnn();
        using var source = new SmallCnn();
        using var head = model.logits_linear.weight.detach().clone();
        var state = source.state_dict();
        state["logits.linear.weight"] = ones(1000, 8);
        Safetensors.Write(folder["other"], state);

        var loaded = model.LoadSafetensors(folder["other"], new LoadOptions { SkipOtherShapes = true });

        Assert.Equal(["logits.linear.weight"], loaded.Skipped);
        Assert.Empty(loaded.Missing);
        Assert.True(head.allclose(model.logits_linear.weight.detach(), rtol: 0, atol: 0));
        AssertSame(source, model, model.state_dict().Keys.Where(name => name != "logits.linear.weight"));
    }

    [Fact]
    public void What_is_skipped_keeps_its_values_whether_the_file_has_it_or_not()
    {
        using var model = new SmallCnn();
        using var source = new SmallCnn();
        var state = source.state_dict();
        state.Remove("logits.linear.bias");
        Safetensors.Write(folder["other"], state);
        using var head = model.logits_linear.weight.detach().clone();

        var loaded = model.LoadSafetensors(folder["other"], new LoadOptions { Skip = ["logits.*"] });

        Assert.Equal(["logits.linear.weight"], loaded.Skipped);
        Assert.True(head.allclose(model.logits_linear.weight.detach(), rtol: 0, atol: 0));
        AssertSame(source, model, ["hidden.linear.weight", "block.conv.weight"]);
    }

    [Fact]
    public void A_transposed_matrix_is_turned_and_a_half_is_made_whole()
    {
        using var model = new SmallCnn();
        using var source = new SmallCnn();
        var state = source.state_dict();
        state["hidden.linear.weight"] = state["hidden.linear.weight"].t().contiguous().to(ScalarType.BFloat16);
        Safetensors.Write(folder["other"], state);

        model.LoadSafetensors(folder["other"], new LoadOptions { Transposed = ["hidden.*.weight"], ConvertTypes = true });

        using var expected = source.hidden_linear.weight.detach().to(ScalarType.BFloat16).to(ScalarType.Float32);
        Assert.True(expected.allclose(model.hidden_linear.weight.detach(), rtol: 0, atol: 0));
        AssertSame(source, model, ["logits.linear.weight", "block.conv.weight"]);
    }

    public static TheoryData<LoadOptions, string> Idle => new()
    {
        { new LoadOptions { Prefix = "bert." }, "no name is met by Prefix 'bert.'. The model is unchanged" },
        {
            new LoadOptions { Names = new Dictionary<string, string> { ["head.*"] = "logits.*", ["fc"] = "x" } },
            "no name is met by Names 'head.*', Names 'fc'. The model is unchanged"
        },
        { new LoadOptions { Skip = ["fc.*"] }, "no name is met by Skip 'fc.*'. The model is unchanged" },
        { new LoadOptions { Transposed = ["*.c_attn.weight"] }, "no name is met by Transposed '*.c_attn.weight'. The model is unchanged" },
        {
            new LoadOptions { Names = new Dictionary<string, string> { ["hidden.*"] = "logits.*" } },
            "'hidden.linear.bias' and 'logits.linear.bias' both become 'logits.linear.bias'. The model is unchanged"
        },
    };

    [Theory]
    [MemberData(nameof(Idle))]
    public void A_setting_that_meets_nothing_or_too_much_is_an_error(LoadOptions options, string message)
    {
        using var model = new SmallCnn();
        using var source = new SmallCnn();
        Save(source, name => name);
        using var before = model.hidden_linear.weight.detach().clone();

        var error = Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["other"], options));

        Assert.Equal($"{folder["other"]}: {message}", error.Message);
        Assert.True(before.allclose(model.hidden_linear.weight.detach(), rtol: 0, atol: 0));
    }

    [Fact]
    public void A_name_with_more_stars_than_its_pattern_is_an_error()
    {
        using var model = new SmallCnn();
        Save(model, name => name);
        var options = new LoadOptions { Names = new Dictionary<string, string> { ["hidden.*"] = "hidden.*.*" } };

        var error = Assert.Throws<ArgumentException>(() => model.LoadSafetensors(folder["other"], options));
        Assert.StartsWith("Names: 'hidden.*.*' has more * than 'hidden.*', so that nothing tells what they stand for.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_misfits_the_first_ten_are_told()
    {
        using var model = new SmallLanguageModel();
        var misfits = model.state_dict().Count;
        Safetensors.Write(folder["other"], model.state_dict().ToDictionary(pair => pair.Key, _ => ones(2, 3, 4)));

        var error = Assert.Throws<SafetensorsException>(() => model.LoadSafetensors(folder["other"]));

        Assert.True(misfits > 10, $"{misfits}");
        Assert.Equal(10, error.Message.Split('\n').Count(line => line.Contains("found Float32 [2, 3, 4]", StringComparison.Ordinal)));
        Assert.EndsWith($"and {misfits - 10} more of another shape or type", error.Message, StringComparison.Ordinal);
    }

    private void Save(SmallCnn model, Func<string, string> rename) =>
        Safetensors.Write(folder["other"], model.state_dict().ToDictionary(pair => rename(pair.Key), pair => pair.Value));

    private static void AssertSame(SmallCnn expected, SmallCnn actual, IEnumerable<string> names)
    {
        var (one, other) = (expected.state_dict(), actual.state_dict());
        Assert.All(names, name => Assert.True(one[name].allclose(other[name], rtol: 0, atol: 0), name));
    }
}
