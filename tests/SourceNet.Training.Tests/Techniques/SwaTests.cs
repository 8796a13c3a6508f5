using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Techniques;

public class SwaTests
{
    [Fact]
    public void The_average_is_the_mean_of_the_weights_that_were_taken()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var swa = new Swa(model);
        List<Dictionary<string, double[]>> taken = [];
        for (var epoch = 0; epoch < 20; epoch++)
        {
            Networks.Shake(model);
            model.call(randn(8, 3));
            swa.Update();
            taken.Add(Networks.Values(model.state_dict()));
        }

        Assert.Equal(20, swa.Count);
        foreach (var (name, found) in Networks.Values(swa.Save()).Where(pair => pair.Key is not ("n_averaged" or "norm.num_batches_tracked")))
        {
            for (var index = 0; index < found.Length; index++)
            {
                Assert.Equal(taken.Average(state => state[name][index]), found[index], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batch_norms_get_the_statistics_of_the_batches_under_the_averaged_weights(bool applied)
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var swa = new Swa(model);
        Networks.Shake(model);
        swa.Update();
        Networks.Shake(model);
        swa.Update();
        model.call(randn(8, 3));
        var own = Networks.Values(model.state_dict());
        var averages = swa.Save();
        Tensor[] batches = [randn(8, 3) + 3, randn(8, 3), randn(3, 3) * 10];

        using (applied ? swa.Apply() : null)
        {
            swa.UpdateBatchNorm(batches, batch => model.call(batch));
            if (applied)
            {
                Assert.Equal(Networks.Values(averages["norm.running_var"]), Networks.Values(model.state_dict()["norm.running_var"]));
            }
        }

        var (means, variances) = (new double[4], new double[4]);
        foreach (var batch in batches)
        {
            var share = batch.size(0) / 19.0;
            for (var unit = 0; unit < 4; unit++)
            {
                var column = Column(batch, unit);
                means[unit] += share * column.Average();
                variances[unit] += share * column.Sum(value => Math.Pow(value - column.Average(), 2)) / (column.Length - 1);
            }
        }

        AssertClose(means, Networks.Values(averages["norm.running_mean"]));
        AssertClose(variances, Networks.Values(averages["norm.running_var"]));
        Assert.Equal([3], Networks.Values(averages["norm.num_batches_tracked"]));
        Assert.Equal(own, Networks.Values(model.state_dict()));

        double[] Column(Tensor batch, int unit)
        {
            var (inputs, weights, bias) = (Networks.Values(batch), Networks.Values(averages["in.weight"]), Networks.Values(averages["in.bias"]));
            return [.. Enumerable.Range(0, inputs.Length / 3).Select(row => bias[unit]
                + Enumerable.Range(0, 3).Sum(axis => inputs[(row * 3) + axis] * weights[(unit * 3) + axis]))];
        }
    }

    [Fact]
    public void Estimating_leaves_modes_and_momenta_as_they_were_and_drops_nothing()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        var modules = model.named_modules().ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var (norm, dropout) = ((BatchNorm1d)modules["norm"], modules["dropout"]);
        norm.momentum = 0.3;
        norm.eval();
        using var swa = new Swa(model);
        swa.Update();

        swa.UpdateBatchNorm([randn(8, 3)], batch =>
        {
            Assert.True(norm.training);
            Assert.False(dropout.training);
            Assert.False(is_grad_enabled());
            model.call(batch);
        });

        Assert.Equal(0.3, norm.momentum);
        Assert.False(norm.training);
        Assert.True(dropout.training);
        Assert.True(model.training);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failed_estimate_changes_nothing(bool applied)
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        model.call(randn(8, 3));
        using var swa = new Swa(model);
        swa.Update();
        var (own, averages) = (Networks.Values(model.state_dict()), Networks.Values(swa.Save()));

        using (applied ? swa.Apply() : null)
        {
            Assert.ThrowsAny<Exception>(() => swa.UpdateBatchNorm([randn(8, 3), randn(8, 9)], batch => model.call(batch)));
            Assert.Throws<ArgumentException>(() => swa.UpdateBatchNorm([], batch => model.call(batch)));
            Assert.Contains(
                "'norm'",
                Assert.Throws<ArgumentException>(() => swa.UpdateBatchNorm([randn(8, 3), randn(1, 3)], batch => model.call(batch))).Message);
            Assert.Equal(averages["norm.running_mean"], Networks.Values(model.state_dict()["norm.running_mean"]));
        }

        Assert.Equal(own, Networks.Values(model.state_dict()));
        Assert.Equal(averages, Networks.Values(swa.Save()));
    }

    [Fact]
    public void A_declared_model_with_fused_batch_norm_is_estimated_too()
    {
        using var scope = NewDisposeScope();
        var model = new NormedModel();
        using var swa = new Swa(model);
        swa.Update();
        var (first, second) = (randn(8, 3) + 1, randn(8, 3) * 5);
        var expected = (Mean(first) + Mean(second)) / 2;

        swa.UpdateBatchNorm([first, second], batch => model.call(batch));

        AssertClose(Networks.Values(expected), Networks.Values(swa.Save()["hidden.norm.running_mean"]));

        Tensor Mean(Tensor batch) => batch.matmul(model.state_dict()["hidden.linear.weight"].t()).mean([0]);
    }

    [Fact]
    public void A_model_without_batch_norm_is_not_run()
    {
        using var scope = NewDisposeScope();
        using var swa = new Swa(nn.Linear(2, 2));
        swa.Update();

        swa.UpdateBatchNorm([randn(1, 2)], _ => Assert.Fail());
    }

    [Fact]
    public void A_loaded_state_goes_on_bit_by_bit()
    {
        using var scope = NewDisposeScope();
        var model = Networks.WithBatchNorm();
        using var whole = new Swa(model);
        using var resumed = new Swa(model);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            Networks.Shake(model);
            whole.Update();
        }

        resumed.Load(whole.Save());
        Networks.Shake(model);
        whole.Update();
        resumed.Update();

        Assert.Equal(4, resumed.Count);
        Assert.Equal(Networks.Values(whole.Save()), Networks.Values(resumed.Save()));
        Assert.Contains("n_averaged", Assert.Throws<ArgumentException>(() => resumed.Load(model.state_dict())).Message);
    }

    [Fact]
    public void Nothing_can_be_done_with_the_mean_of_nothing()
    {
        using var scope = NewDisposeScope();
        using var swa = new Swa(Networks.WithBatchNorm());

        Assert.Throws<InvalidOperationException>(swa.Apply);
        Assert.Throws<InvalidOperationException>(() => swa.UpdateBatchNorm([], _ => { }));
    }

    [Fact]
    public void Memory_is_flat_and_all_of_it_is_given_back()
    {
        using var model = Networks.WithBatchNorm();
        using var batch = randn(4, 3);

        Memory.AssertFlat(() =>
        {
            using var swa = new Swa(model);
            swa.Update();
            swa.UpdateBatchNorm([batch], input => model.call(input));
            using var applied = swa.Apply();
        });
    }

    private static void AssertClose(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * (1 + Math.Abs(pair.First))));
    }
}
