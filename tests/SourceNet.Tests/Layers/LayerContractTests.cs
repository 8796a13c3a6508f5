using SourceNet.CompilerServices;
using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using RReLU = SourceNet.Layers.RReLU;

namespace SourceNet.Tests.Layers;

/// <summary>What holds for every layer of the namespace.</summary>
public class LayerContractTests
{
    private static readonly Dictionary<string, (Func<Layer> Create, long[] Input, string[] State)> s_layers = new()
    {
        ["RMSNorm"] = (() => new RMSNorm(6), [2, 3, 6], ["weight"]),
        ["RMSNorm, no scale"] = (() => new RMSNorm([3, 6], affine: false), [2, 3, 6], []),
        ["PositionEmbedding"] = (() => new PositionEmbedding(5, 6), [2, 3, 6], ["weight"]),
        ["Attention"] = (
            () => new Attention(8, 4, keyValueHeads: 2, causal: true, rotary: true, dropout: 0.2),
            [2, 3, 8],
            ["query.weight", "query.bias", "key.weight", "key.bias", "value.weight", "value.bias", "output.weight", "output.bias"]),
        ["Attention, plain"] = (() => new Attention(8, 2, bias: false), [3, 8], ["query.weight", "key.weight", "value.weight", "output.weight"]),
        ["FeedForward"] = (() => new FeedForward(6, 12, dropout: 0.3), [2, 3, 6], ["up.weight", "up.bias", "down.weight", "down.bias"]),
        ["SwiGlu"] = (() => new SwiGlu(6, 12), [2, 3, 6], ["gate.weight", "up.weight", "down.weight"]),
        ["Bias"] = (() => new Bias(6), [2, 3, 6], ["bias"]),
        ["DropPath"] = (() => new DropPath(0.5), [4, 3, 6], []),
        ["DropPath, rate 0"] = (() => new DropPath(0), [4, 3, 6], []),
        ["DropBlock"] = (() => new DropBlock(0.3, 3), [2, 3, 6, 5], []),
        ["GaussianNoise"] = (() => new GaussianNoise(0.5), [2, 6], []),
        ["GaussianDropout"] = (() => new GaussianDropout(0.5), [2, 6], []),
        ["RReLU"] = (() => new RReLU(0.1, 0.5), [2, 6], []),
        ["DropConnect"] = (() => new DropConnect(0.5), [4, 6], []),
        ["WeightNorm"] = (() => new WeightNorm(new Parameter(ones(4, 6))), [4, 6], ["magnitude"]),
        ["SpectralNorm"] = (() => new SpectralNorm(new Parameter(rand(4, 6))), [4, 6], ["u", "v"]),
    };

    public static TheoryData<string> Names => [.. s_layers.Keys];

    private static Layer Create(string name) => s_layers[name].Create();

    private static Tensor Input(string name)
    {
        using var wide = Samples.Normal(1, s_layers[name].Input);
        return wide.to(ScalarType.Float32);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_state_dict_has_the_documented_names(string name)
    {
        using var layer = Create(name);
        Assert.Equal(s_layers[name].State, layer.state_dict().Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_state_dict_stays_when_the_layer_joins_another_module(string name)
    {
        // TorchSharp then looks for fields to register.
        using var layer = Create(name);
        using var parent = nn.Sequential(("part", layer));
        Assert.Equal(s_layers[name].State.Select(key => "part." + key), parent.state_dict().Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_output_is_a_new_tensor_of_the_inputs_shape(string name)
    {
        using var layer = Create(name);
        foreach (var train in new[] { true, false })
        {
            layer.train(train);
            using var input = Input(name);
            var output = layer.call(input);
            Assert.NotSame(input, output);
            Assert.Equal(input.shape, output.shape);
            output.Dispose();
            Assert.False(input.IsInvalid);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Eval_mode_is_deterministic(string name)
    {
        using var layer = Create(name);
        layer.eval();
        using var input = Input(name);
        using var first = layer.call(input);
        using var second = layer.call(input);
        Assert.Equal(first.Values(), second.Values());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_busy_garbage_collector_changes_nothing(string name)
    {
        var calm = Run();
        using var collector = new BusyCollector();
        Assert.Equal(calm, Run());

        double[] Run()
        {
            using var layer = Create(name);
            foreach (var (parameter, index) in layer.parameters().Select((parameter, index) => (parameter, index)))
            {
                parameter.Fill(Samples.Normal(index, parameter.shape).Values());
            }

            if (layer is SpectralNorm)
            {
                layer.get_buffer("u")!.Fill([.. Enumerable.Range(1, 4).Select(row => row / 10.0)]);
            }

            using var input = Input(name);
            input.requires_grad = true;
            manual_seed(1);
            List<double> found = [];
            for (var iteration = 0; iteration < 50; iteration++)
            {
                using var output = layer.call(input);
                using var sum = output.sum();
                sum.backward();
                found.AddRange(output.Values());
            }

            return [.. found, .. input.grad!.Values()];
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exactly_the_stochastic_layers_draw_random_numbers_in_train_mode(string name)
    {
        using var layer = Create(name);
        if (name is "DropPath, rate 0" or "Attention, plain" or "SpectralNorm")
        {
            return; // A rate of 0 draws nothing; the power iteration moves its estimate.
        }

        using var input = Input(name);
        var outputs = Enumerable.Range(0, 20).Select(_ =>
        {
            using var output = layer.call(input);
            return string.Join(" ", output.Values());
        });
        Assert.Equal(layer is IStochasticLayer, outputs.Distinct().Count() > 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Conversion_to_double_precision_changes_everything_and_back(string name)
    {
        using var layer = Create(name);
        layer.eval();
        using var input = Input(name);
        using var before = layer.call(input);

        layer.to(ScalarType.Float64);
        Assert.All(layer.state_dict().Values, value => Assert.Equal(ScalarType.Float64, value.dtype));
        using var wide = layer.call(input.to(ScalarType.Float64));
        Assert.Equal(ScalarType.Float64, wide.dtype);
        Samples.Close(before.Values(), wide, 1e-5);

        layer.to(ScalarType.Float32);
        Assert.Equal(s_layers[name].State, layer.state_dict().Keys);
        using var after = layer.call(input);
        Samples.Close(before.Values(), after, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_found_after_a_conversion(string name)
    {
        using var layer = Create(name);
        layer.to(ScalarType.Float64);
        foreach (var (key, parameter) in layer.named_parameters())
        {
            Assert.False(parameter.IsInvalid, key);
            Assert.True(parameter.requires_grad, key);
        }

        using var input = Input(name).to(ScalarType.Float64);
        using var output = layer.call(input);
        if (layer.parameters().Any())
        {
            output.sum().backward();
            Assert.All(layer.parameters(), parameter => Assert.NotNull(parameter.grad));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Many_passes_leave_no_tensor_behind(string name)
    {
        using var layer = Create(name);
        using var input = Input(name).requires_grad_();
        foreach (var train in new[] { true, false })
        {
            layer.train(train);
            LiveTensors.StayFlat(() =>
            {
                using var output = layer.call(input);
                using var sum = output.sum();
                sum.backward();
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_made_in_a_dispose_scope_outlives_it(string name)
    {
        Layer layer;
        using (NewDisposeScope())
        {
            layer = Create(name);
            using var first = layer.call(Input(name));
        }

        using (layer)
        {
            using var output = layer.call(Input(name));
            Assert.Equal(s_layers[name].Input, output.shape);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_null_input_is_refused(string name)
    {
        using var layer = Create(name);
        Assert.Throws<ArgumentNullException>(() => layer.forward(null!));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_rate_outside_of_its_range_is_refused_with_its_value(double rate)
    {
        Func<Layer>[] layers =
        [
            () => new DropPath(rate), () => new DropBlock(rate), () => new GaussianDropout(rate), () => new DropConnect(rate),
            () => new Attention(8, 2, dropout: rate), () => new FeedForward(4, 8, dropout: rate),
        ];
        foreach (var create in layers)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => create());
            Assert.Equal(rate, error.ActualValue);
        }
    }

    [Fact]
    public void A_size_below_1_is_refused_by_name()
    {
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => new RMSNorm(0)).ParamName);
        Assert.Equal("maxLength", Assert.Throws<ArgumentOutOfRangeException>(() => new PositionEmbedding(0, 4)).ParamName);
        Assert.Equal("dim", Assert.Throws<ArgumentOutOfRangeException>(() => new Attention(0, 1)).ParamName);
        Assert.Equal("heads", Assert.Throws<ArgumentOutOfRangeException>(() => new Attention(4, 0)).ParamName);
        Assert.Equal("keyValueHeads", Assert.Throws<ArgumentOutOfRangeException>(() => new Attention(4, 4, keyValueHeads: 0)).ParamName);
        Assert.Equal("hidden", Assert.Throws<ArgumentOutOfRangeException>(() => new FeedForward(4, 0)).ParamName);
        Assert.Equal("hidden", Assert.Throws<ArgumentOutOfRangeException>(() => new SwiGlu(4, -1)).ParamName);
        Assert.Equal("blockSize", Assert.Throws<ArgumentOutOfRangeException>(() => new DropBlock(0.1, 0)).ParamName);
        Assert.Equal("lower", Assert.Throws<ArgumentOutOfRangeException>(() => new RReLU(double.NaN)).ParamName);
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => new RReLU(0.5, 0.4)).ParamName);
        Assert.Equal("upper", Assert.Throws<ArgumentOutOfRangeException>(() => new RReLU(0.5, double.PositiveInfinity)).ParamName);
        Assert.Equal("standardDeviation", Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianNoise(-1)).ParamName);
    }
}
