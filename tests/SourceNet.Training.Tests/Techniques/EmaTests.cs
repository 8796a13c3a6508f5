using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Techniques;

public class EmaTests
{
    [Fact]
    public void Averages_are_the_reference()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var ema = new Ema(model, 0.9, warmUp: false);
        var expected = Networks.Values(model.state_dict());
        for (var step = 0; step < 50; step++)
        {
            Networks.Shake(model);
            model.call(randn(8, 3));
            ema.Update();
            foreach (var (name, live) in Networks.Values(model.state_dict()))
            {
                expected[name] = name == "norm.num_batches_tracked" ? live : [.. expected[name].Zip(live, (average, value) => (0.9 * average) + (0.1 * value))];
            }
        }

        var found = Networks.Values(ema.Save());
        Assert.Equal([50], found["n_averaged"]);
        found.Remove("n_averaged");
        Assert.Equal(model.state_dict().Keys, found.Keys);
        Assert.Equal([50], found["norm.num_batches_tracked"]);
        Assert.All(found, pair => Assert.All(pair.Value.Zip(expected[pair.Key]), values => Assert.Equal(values.Second, values.First, 1e-5)));
    }

    [Fact]
    public void Applied_the_module_computes_with_the_averages_and_afterwards_with_its_own_weights()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var ema = new Ema(model, 0.5);
        Networks.Shake(model);
        ema.Update();
        var own = Networks.Values(model.state_dict());
        var averages = Averages(ema);

        using (ema.Apply())
        {
            Assert.Equal(averages, Networks.Values(model.state_dict()));
            model.call(randn(8, 3));
        }

        Assert.Equal(own, Networks.Values(model.state_dict()));
        Assert.Equal(averages, Averages(ema));
    }

    [Fact]
    public void An_exception_in_the_scope_gives_the_own_weights_back()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var ema = new Ema(model, 0.5);
        Networks.Shake(model);
        var own = Networks.Values(model.state_dict());

        Assert.ThrowsAny<Exception>(() =>
        {
            using var applied = ema.Apply();
            model.call(randn(8, 7));
        });

        Assert.Equal(own, Networks.Values(model.state_dict()));
    }

    [Fact]
    public void A_mask_of_infinities_is_copied()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(2, 2);
        model.register_buffer("mask", tensor(new[] { 0, float.NegativeInfinity }));
        using var ema = new Ema(model, 0.9);
        ema.Update();

        Assert.Equal([0, double.NegativeInfinity], Networks.Values(ema.Save()["mask"]));
    }

    [Fact]
    public void A_tied_parameter_is_averaged_once_and_saved_under_both_names()
    {
        using var scope = NewDisposeScope();
        var first = nn.Linear(2, 2, hasBias: false);
        var model = nn.Sequential(("first", first), ("second", first));
        using var ema = new Ema(model, 0.5, warmUp: false);
        var start = Networks.Values(first.weight);
        Networks.Shake(model);
        var end = Networks.Values(first.weight);
        ema.Update();

        var saved = State.Without(ema.Save(), "n_averaged").ToDictionary();
        Assert.Equal(model.state_dict().Keys, saved.Keys);
        Assert.All(
            saved.Values,
            average => Assert.All(
                Networks.Values(average).Zip(start.Zip(end)),
                pair => Assert.Equal((pair.Second.First + pair.Second.Second) / 2, pair.First, 1e-6)));
    }

    [Fact]
    public void Half_precision_is_averaged_in_float32()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(1, 1, hasBias: false, dtype: ScalarType.BFloat16);
        Fill(1);
        using var ema = new Ema(model, 0.999, warmUp: false);
        Fill(2);
        for (var step = 0; step < 100; step++)
        {
            ema.Update();
        }

        var expected = 2 - Math.Pow(0.999, 100);
        Assert.Equal(expected, Networks.Values(ema.Save()["weight"])[0], 1e-5);
        using (ema.Apply())
        {
            Assert.Equal(ScalarType.BFloat16, model.weight.dtype);
            Assert.Equal(expected, Networks.Values(model.weight)[0], 1e-2);
        }

        void Fill(double value)
        {
            using var _ = no_grad();
            model.weight.fill_(value);
        }
    }

    [Fact]
    public void A_loaded_state_goes_on_bit_by_bit()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var whole = new Ema(model, 0.9);
        using var resumed = new Ema(Networks.WithBatchNorm(seed: 2), 0.9);
        using var restarted = new Ema(model, 0.9);
        Networks.Shake(model);
        whole.Update();

        restarted.Load(whole.Save());
        resumed.Load(whole.Save());
        Assert.Equal(Networks.Values(whole.Save()), Networks.Values(resumed.Save()));
        Networks.Shake(model);
        whole.Update();
        restarted.Update();

        Assert.Equal(Networks.Values(whole.Save()), Networks.Values(restarted.Save()));
    }

    [Fact]
    public void A_state_that_does_not_fit_is_told_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var ema = new Ema(Networks.WithBatchNorm(), 0.9);
        var before = Networks.Values(ema.Save());
        var other = Networks.WithBatchNorm(seed: 2).state_dict();
        other["n_averaged"] = zeros([], ScalarType.Int64);

        Assert.Contains("no 'n_averaged'", Load(state => state.Remove("n_averaged")));
        Assert.Contains("no 'in.bias'", Load(state => state.Remove("in.bias")));
        Assert.Contains("no extra", Load(state => state["extra"] = zeros(1)));
        Assert.Contains("'out.bias' must be Float32 [2], and is Float32 [3]", Load(state => state["out.bias"] = zeros(3)));
        Assert.Contains("'out.bias' must be Float32 [2], and is Float64 [2]", Load(state => state["out.bias"] = zeros(2, ScalarType.Float64)));
        Assert.Equal(before, Networks.Values(ema.Save()));

        string Load(Action<Dictionary<string, Tensor>> spoil)
        {
            var state = new Dictionary<string, Tensor>(other);
            spoil(state);
            return Assert.Throws<ArgumentException>(() => ema.Load(state)).Message;
        }
    }

    [Fact]
    public void What_would_mix_averages_and_weights_is_refused()
    {
        using var scope = NewDisposeScope();
        using var ema = new Ema(Networks.WithBatchNorm(), 0.9);
        using var applied = ema.Apply();

        Assert.Throws<InvalidOperationException>(ema.Update);
        Assert.Throws<InvalidOperationException>(ema.Apply);
        Assert.Throws<InvalidOperationException>(() => ema.Load(ema.Save()));
    }

    [Fact]
    public void A_converted_module_is_told()
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(2, 2);
        using var ema = new Ema(model, 0.9);
        model.to(ScalarType.Float64);

        Assert.Contains("'weight' was disposed", Assert.Throws<InvalidOperationException>(ema.Update).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_decay_out_of_range_is_told(double decay) => Assert.Throws<ArgumentOutOfRangeException>(() => new Ema(nn.Linear(1, 1), decay));

    [Fact]
    public void Memory_is_flat_and_all_of_it_is_given_back()
    {
        using var model = Networks.WithBatchNorm();
        var before = LiveTensors.Count;
        using (var ema = new Ema(model, 0.999))
        {
            Memory.AssertFlat(() =>
            {
                ema.Update();
                ema.Apply().Dispose();
            });
        }

        Assert.Equal(before, LiveTensors.Count);
    }

    /// <summary>Weights that never change after the beginning, against the warm-up written out.</summary>
    [Theory]
    [InlineData(0.999, 160)]
    [InlineData(0.5, 20)]
    public void The_decay_warms_up_so_that_the_beginning_does_not_stay(double decay, int steps)
    {
        using var scope = NewDisposeScope();
        var model = nn.Linear(1, 1, hasBias: false);
        Set(0);
        using var ema = new Ema(model, decay);
        Set(1);
        var share = 1.0;
        for (var n = 0; n < steps; n++)
        {
            ema.Update();
            share *= Math.Min(decay, (1.0 + n) / (10 + n));
        }

        Assert.Equal(1 - share, Networks.Values(ema.Save()["weight"])[0], 1e-5);
        Assert.InRange(Networks.Values(ema.Save()["weight"])[0], 0.999, 1);

        void Set(double value)
        {
            using var _ = no_grad();
            model.weight.fill_(value);
        }
    }

    private static Dictionary<string, double[]> Averages(Ema ema) => Networks.Values(State.Without(ema.Save(), "n_averaged"));
}
