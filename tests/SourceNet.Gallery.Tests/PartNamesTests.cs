using TorchSharp;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A layer of BERT, with the names of Hugging Face.</summary>
[Model, Input("T", 8)]
public sealed partial class BertNames
{
    [Name("attention"), Attention(2, Names = "self.query, self.key, self.value, output.dense", Dropout = 0.1), Dropout(0.1),
        Norm(Layer, Name = "output.LayerNorm")]
    private partial Tensor Attend(Tensor x);

    [Name(""), FeedForward(16, Names = "intermediate.dense, output.dense"), Norm(Layer, Name = "output.LayerNorm")]
    private partial Tensor Mix(Tensor x);
}

/// <summary>A layer of Llama, with the names of Hugging Face.</summary>
[Model, Input("T", 8)]
public sealed partial class LlamaNames
{
    [Name(""), Residual, Norm(RMS, Name = "input_layernorm"),
        Attention(4, KeyValueHeads = 2, Rotary = true, Bias = false, Name = "self_attn", Names = "q_proj, k_proj, v_proj, o_proj")]
    private partial Tensor Attend(Tensor x);

    [Name(""), Residual, Norm(RMS, Name = "post_attention_layernorm"), SwiGlu(16, Name = "mlp", Names = "gate_proj, up_proj, down_proj")]
    private partial Tensor Mix(Tensor x);
}

/// <summary>A layer of GPT-2, with the names of Hugging Face.</summary>
[Model, Input("T", 8), WeightDecay(0.1)]
public sealed partial class GptNames
{
    [Name(""), Residual, Norm(Layer, Name = "ln_1"), Attention(2, Causal = true, Fused = true, Name = "attn", Names = "c_attn, c_proj")]
    private partial Tensor Attend(Tensor x);

    [Name(""), Residual, Norm(Layer, Name = "ln_2"), FeedForward(16, Name = "mlp", Names = "c_fc, c_proj")]
    private partial Tensor Mix(Tensor x);
}

/// <summary>The same names under what acts on whole layers.</summary>
[Model, Input("T", 8), Frozen, Init(InitKind.Constant, 3, Last = 5.0)]
public sealed partial class FrozenNames
{
    [Name(""), Residual, Attention(2, Fused = true, Name = "attn", Names = "c_attn, c_proj")]
    private partial Tensor Attend(Tensor x);

    [Name(""), Residual, FeedForward(16, Name = "mlp", Names = "c_fc, c_proj")]
    private partial Tensor Mix(Tensor x);
}

public class PartNamesTests
{
    public static TheoryData<string, string> Models => new()
    {
        {
            nameof(BertNames),
            "attention.self.query attention.self.key attention.self.value attention.output.dense attention.output.LayerNorm intermediate.dense output.dense "
                + "output.LayerNorm"
        },
        {
            nameof(LlamaNames),
            "input_layernorm self_attn.q_proj self_attn.k_proj self_attn.v_proj self_attn.o_proj post_attention_layernorm "
                + "mlp.gate_proj mlp.up_proj mlp.down_proj"
        },
        { nameof(GptNames), "ln_1 attn.c_attn attn.c_proj ln_2 mlp.c_fc mlp.c_proj" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void The_state_dict_has_the_names_that_are_said(string name, string layers)
    {
        using var model = Made(name);
        var withoutBias = name == nameof(LlamaNames);
        var expected = layers.Split(' ').SelectMany(layer => withoutBias ? [$"{layer}.weight"] : new[] { $"{layer}.weight", $"{layer}.bias" });

        Assert.Equal(expected.Order(StringComparer.Ordinal), model.state_dict().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(model.state_dict().Keys.Order(StringComparer.Ordinal), model.named_parameters().Select(one => one.name).Order(StringComparer.Ordinal));
        Assert.Equal(model.parameters().Count(), model.ParameterGroups().Sum(group => group.Parameters.Count));
    }

    [Fact]
    public void Freezing_and_initialization_reach_the_parts()
    {
        using var model = new FrozenNames();
        var state = model.state_dict();

        Assert.All(model.parameters(), parameter => Assert.False(parameter.requires_grad));
        Assert.All(["attn.c_attn.weight", "mlp.c_fc.weight"], name => Assert.All(state[name].data<float>().ToArray(), number => Assert.Equal(3, number)));
        Assert.All(["attn.c_proj.weight", "mlp.c_proj.weight"], name => Assert.All(state[name].data<float>().ToArray(), number => Assert.Equal(5, number)));
        Assert.All(state.Keys.Where(name => name.EndsWith(".bias", StringComparison.Ordinal)), name => Assert.Equal(0, state[name].abs().sum().ToDouble()));
        Assert.Equal(
            ["attn", "mlp"],
            model.Summary().Rows.Where(row => row.Parameters > 0).Select(row => row.Path));
    }

    [Fact]
    public void The_plan_has_the_same_names()
    {
        using var model = new GptNames();
        var decayed = model.RegularizationPlan.Entries
            .Where(entry => entry.Kind == RegularizationKind.WeightDecay && entry.Strength != "0")
            .Select(entry => entry.Where);
        Assert.Equal(["attn.c_attn.weight", "attn.c_proj.weight", "mlp.c_fc.weight", "mlp.c_proj.weight"], decayed);
    }

    [Fact]
    public void Modes_types_and_gradients_reach_the_parts()
    {
        manual_seed(4);
        using var model = new BertNames();
        using var x = randn(3, 5, 8);
        using (model.EvalScope())
        {
            using var first = model.call(x);
            using var second = model.call(x);
            Assert.True(first.allclose(second, rtol: 0, atol: 0));
        }

        using (var first = model.call(x))
        using (var second = model.call(x))
        {
            Assert.False(first.allclose(second));
        }

        model.to(ScalarType.Float64);
        using var wide = x.to(ScalarType.Float64);
        using var output = model.call(wide);
        output.sum().backward();
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void What_is_saved_loads_into_another()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            using var saved = new LlamaNames();
            using var loaded = new LlamaNames();
            saved.SaveSafetensors(path);
            loaded.LoadSafetensors(path);

            using var x = randn(2, 5, 8);
            using var expected = saved.call(x);
            using var actual = loaded.call(x);
            Assert.True(expected.allclose(actual, rtol: 0, atol: 0));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(2L, true)]
    public void One_layer_for_queries_keys_and_values_computes_what_three_do(long? keyValueHeads, bool rotary)
    {
        manual_seed(6);
        using var scope = NewDisposeScope();
        using var apart = new Layers.Attention(8, 4, keyValueHeads, causal: true, rotary: rotary);
        using var fused = new Layers.Attention(8, 4, keyValueHeads, causal: true, rotary: rotary, fused: true);
        using (no_grad())
        {
            fused.query_key_value.weight.copy_(cat([apart.query.weight, apart.key.weight, apart.value.weight]));
            fused.query_key_value.bias!.copy_(cat([apart.query.bias!, apart.key.bias!, apart.value.bias!]));
            fused.output.weight.copy_(apart.output.weight);
            fused.output.bias!.copy_(apart.output.bias!);
        }

        var x = randn(3, 5, 8);
        Assert.True(apart.call(x).allclose(fused.call(x), atol: 1e-6));
        Assert.Throws<InvalidOperationException>(() => fused.query);
        Assert.Throws<InvalidOperationException>(() => apart.query_key_value);
    }

    private static Model Made(string name) => name switch
    {
        nameof(BertNames) => new BertNames(),
        nameof(LlamaNames) => new LlamaNames(),
        _ => new GptNames(),
    };
}
