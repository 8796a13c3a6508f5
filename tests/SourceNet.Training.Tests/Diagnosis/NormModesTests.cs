using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Diagnosis;

public class NormModesTests
{
    [Fact]
    public void Differences_and_shifts_are_the_reference()
    {
        using var scope = NewDisposeScope();
        var model = nn.Sequential(("norm", nn.BatchNorm1d(2, eps: 0)), ("dropout", nn.Dropout(0.5)));
        var norm = (BatchNorm1d)model.children().First();
        using (no_grad())
        {
            norm.running_mean!.copy_(tensor(new float[] { 1, 10 }));
            norm.running_var!.copy_(tensor(new float[] { 4, 9 }));
        }

        // Means 3 and 7, unbiased variances 8 and 2.
        var modes = NormModes.Compare(model, tensor(new float[,] { { 1, 6 }, { 5, 8 } }));

        var shift = modes.Layers.Single();
        Assert.Equal("norm", shift.Path);
        Assert.Equal(Math.Max(2 / 2.0, 3 / 3.0), shift.Mean, 1e-6);
        Assert.Equal(Math.Max(8 / 4.0, 9 / 2.0), shift.Variance, 1e-5);
        // Train mode gives ±1 in each channel, by the biased variances; eval mode (x − mean) / σ.
        double[] differences = [-1 - (1 - 1) / 2.0, 1 - (5 - 1) / 2.0, -1 - (6 - 10) / 3.0, 1 - (8 - 10) / 3.0];
        double[] expected = [0, 2, -4 / 3.0, -2 / 3.0];
        Assert.Equal(differences.Max(Math.Abs), modes.Norms.Largest, 1e-5);
        Assert.Equal(Math.Sqrt(differences.Sum(d => d * d) / expected.Sum(e => e * e)), modes.Norms.Relative, 1e-5);
        Assert.NotEqual(modes.Norms, modes.Training);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_model_is_as_before_also_after_an_exception(bool throws)
    {
        using var scope = NewDisposeScope();
        var last = new Last();
        var model = nn.Sequential(("norm", nn.BatchNorm1d(3)), ("dropout", nn.Dropout(0.5)), ("last", last));
        var modules = model.named_modules().ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var norm = (BatchNorm1d)modules["norm"];
        model.call(randn(8, 3));
        last.ThrowsInTrainMode = throws;
        norm.momentum = 0.3;
        norm.eval();
        var state = Networks.Values(model.state_dict());
        var batch = randn(8, 3);
        var generator = Networks.Values(get_rng_state());

        Assert.Equal(throws, Record.Exception(() => NormModes.Compare(model, batch)) is InvalidOperationException);

        Assert.Equal(generator, Networks.Values(get_rng_state()));
        Assert.Equal(state, Networks.Values(model.state_dict()));
        Assert.Equal(0.3, norm.momentum);
        Assert.False(norm.training);
        Assert.True(modules["dropout"].training);
        Assert.True(model.training);
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Right_after_statistics_were_estimated_on_the_batch_there_is_no_shift()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        ((BatchNorm1d)model.named_modules().Single(pair => pair.Item1 == "norm").Item2).momentum = 1;
        var batch = randn(64, 3);
        model.call(batch);

        var shift = NormModes.Compare(model, batch).Layers.Single();

        Assert.Equal(0, shift.Mean, 1e-5);
        Assert.Equal(1, shift.Variance, 1e-5);
    }

    [Fact]
    public void A_declared_model_with_a_fused_norm_is_compared_too()
    {
        using var scope = NewDisposeScope();
        var model = new NormedModel();
        var batch = randn(16, 3) * 5;
        var inputs = batch.matmul(model.state_dict()["hidden.linear.weight"].t());

        var modes = NormModes.Compare(model, batch);

        var shift = modes.Layers.Single();
        Assert.Equal("hidden.norm", shift.Path);
        Assert.Equal(inputs.mean([0]).abs().max().ToDouble(), shift.Mean, 1e-3);
        Assert.Equal(model.state_dict()["hidden.norm.running_mean"], zeros(16));
        Assert.True(modes.Norms.Largest > 0);
    }

    [Fact]
    public void Without_a_norm_that_tracks_and_without_dropout_modes_do_not_differ()
    {
        using var scope = NewDisposeScope();
        var model = nn.Sequential(("linear", nn.Linear(3, 3)), ("norm", nn.LayerNorm(3)), ("batch", nn.BatchNorm1d(3, track_running_stats: false)));

        var modes = NormModes.Compare(model, randn(4, 3));

        Assert.Empty(modes.Layers);
        Assert.Equal((default, default), (modes.Norms, modes.Training));
    }

    [Fact]
    public void A_norm_that_the_forward_pass_does_not_reach_is_not_listed()
    {
        using var scope = NewDisposeScope();
        var unused = new Unused();

        Assert.Equal(["used"], NormModes.Compare(unused, randn(4, 3)).Layers.Select(layer => layer.Path));
    }

    [Fact]
    public void One_sample_has_a_mean_and_no_variance()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();

        var shift = NormModes.Compare(model, randn(1, 3)).Layers.Single();

        Assert.True(double.IsFinite(shift.Mean));
        Assert.Equal(double.NaN, shift.Variance);
        Assert.All(Networks.Values(model.state_dict()["norm.running_var"]), variance => Assert.Equal(1, variance));
    }

    [Fact]
    public void The_table_names_the_norms()
    {
        using var scope = NewDisposeScope();

        var text = NormModes.Compare(Networks.WithBatchNorm(), randn(8, 3)).ToString();

        Assert.Matches(@"^Norm +Mean +Variance\n─+\nnorm +[0-9]+\.[0-9]{2} σ +× [0-9]+\.[0-9]{2}\nNorms in train mode: .*\nAll in train mode: .*\n$", text);
    }

    [Fact]
    public void Memory_is_flat()
    {
        using var model = Networks.WithBatchNorm();
        using var batch = randn(8, 3);

        Memory.AssertFlat(() => NormModes.Compare(model, batch));
    }

    private sealed class Unused : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d used = nn.BatchNorm1d(3);

        private readonly BatchNorm1d unused = nn.BatchNorm1d(3);

        internal Unused() : base(nameof(Unused)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            _ = unused;
            return used.call(input);
        }
    }

    private sealed class Last() : nn.Module<Tensor, Tensor>(nameof(Last))
    {
        internal bool ThrowsInTrainMode { get; set; }

        public override Tensor forward(Tensor input) => training && ThrowsInTrainMode ? throw new InvalidOperationException() : input.alias();
    }
}
