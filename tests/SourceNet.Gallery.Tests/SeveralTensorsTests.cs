using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Models whose forward takes or gives several tensors offer what others do.</summary>
public class SeveralTensorsTests
{
    [Fact]
    public void The_names_and_shapes_of_the_weights_are_those_of_the_blocks()
    {
        using var model = new WideAndDeep(users: 3, items: 5);
        Assert.Equal(
            ["user.embedding.weight [3, 4]", "item.embedding.weight [5, 4]", "score.linear1.weight [16, 16]", "score.linear1.bias [16]",
                "score.linear2.weight [1, 16]", "score.linear2.bias [1]"],
            model.state_dict().Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.shape)}]"));
    }

    [Fact]
    public void What_has_a_default_may_be_left_out()
    {
        using var scope = NewDisposeScope();
        using var model = new WideAndDeep(users: 3, items: 5);
        model.eval();
        var (user, item, numbers) = (tensor(new long[] { 0, 2 }), tensor(new long[] { 4, 1 }), ones(2, 8));
        using var two = 2.ToScalar();
        var shifted = model.call(user, item, numbers, full([2, 1], two));
        Assert.True(shifted.allclose(model.call(user, item, numbers) + full([2, 1], two)));
        Assert.Equal([2, 1], shifted.shape);
    }

    [Fact]
    public void The_loss_of_several_objectives_is_their_weighted_sum()
    {
        using var scope = NewDisposeScope();
        using var model = new VariationalAutoencoder(latent: 3, beta: 0.7);
        var images = rand(5, 784);
        var outputs = model.call(images);
        var reconstruction = 0.0;
        foreach (var (x, t) in outputs.Image.data<float>().Zip(images.data<float>()))
        {
            reconstruction += Math.Log(1 + Math.Exp(x)) - (t * x);
        }

        var divergence = 0.0;
        foreach (var (mean, logVariance) in outputs.Mean.data<float>().Zip(outputs.LogVariance.data<float>()))
        {
            divergence -= 0.5 * (1 + logVariance - ((double)mean * mean) - Math.Exp(logVariance));
        }

        var penalty = model.state_dict()["log_variance.linear.weight"].data<float>().Sum(weight => 0.1 / 2 * weight * weight);
        var expected = (reconstruction / (5 * 784)) + (0.7 * divergence / 5) + penalty;
        Assert.Equal(expected, model.Loss(outputs, images).item<float>(), 1e-4);
    }

    [Fact]
    public void Each_objective_has_its_own_target_and_settings()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoHeads();
        var outputs = model.call(randn(4, 6));
        var (kinds, sizes) = (tensor(new long[] { 0, 1, 2, 0 }), randn(4, 1));
        var ofKind = Objectives.CrossEntropy(
            outputs.Kind, kinds, labelSmoothing: 0.1, ignoreIndex: 1, weight: tensor(new[] { 1f, 2f, 0.5f }));
        var expected = ofKind.item<float>() + (3 * Objectives.Huber(outputs.Size, sizes).item<float>());
        Assert.Equal(expected, model.Loss(outputs, (kinds, sizes)).item<float>(), 1e-5);
    }

    [Fact]
    public void Weights_of_samples_make_the_mean_a_weighted_one()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoHeads();
        var outputs = model.call(randn(3, 6));
        var (kinds, sizes) = (tensor(new long[] { 0, 2, 0 }), randn(3, 1));
        using var noGradients = no_grad();
        // A sample that counts twice is there twice, one of weight 0 is not there.
        var twice = tensor(new long[] { 0, 0, 2 });
        var expected = model.Loss(
            (outputs.Kind.index_select(0, twice), outputs.Size.index_select(0, twice)), (kinds.index_select(0, twice), sizes.index_select(0, twice)));
        Assert.Equal(expected.item<float>(), model.Loss(outputs, (kinds, sizes), tensor(new[] { 2f, 0f, 1f })).item<float>(), 1e-5);
    }

    [Fact]
    public void Weights_of_samples_count_in_the_loss_of_one_tensor_too()
    {
        using var scope = NewDisposeScope();
        using var model = new Mlp();
        var (logits, targets) = (randn(3, 10), tensor(new long[] { 3, 0, 9 }));
        var twice = tensor(new long[] { 0, 0, 2 });
        var expected = model.Loss(logits.index_select(0, twice), targets.index_select(0, twice));
        Assert.Equal(expected.item<float>(), model.Loss(logits, targets, tensor(new[] { 2f, 0f, 1f })).item<float>(), 1e-5);
    }

    [Fact]
    public void Steps_of_the_declared_optimizer_lower_the_loss()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var model = new VariationalAutoencoder(latent: 2);
        using var optimizer = model.CreateOptimizer(3e-3);
        var images = rand(8, 784).round();
        var first = Step();
        for (var step = 0; step < 60; step++)
        {
            Step();
        }

        Assert.True(Step() < first - 0.05);

        float Step()
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            var loss = model.Loss(model.call(images), images);
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        }
    }

    [Fact]
    public void Saving_and_loading_gives_the_same_outputs()
    {
        using var scope = NewDisposeScope();
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            using var model = new TwoHeads();
            using var other = new TwoHeads();
            model.SaveSafetensors(file);
            other.LoadSafetensors(file);
            var x = randn(2, 6);
            Assert.True(model.call(x).Kind.Equals(other.call(x).Kind));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_conversion_reaches_every_weight()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoHeads();
        model.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, model.call(randn(2, 6, dtype: ScalarType.Float64)).Size.dtype);
    }

    [Fact]
    public void The_summary_shows_the_layers_and_what_regularizes_them()
    {
        using var model = new WideAndDeep(users: 3, items: 5);
        var summary = model.Summary();
        Assert.Equal(["user.embedding", "item.embedding"], summary.Rows.Take(2).Select(row => row.Path));
        Assert.Contains(summary.Rows, row => row.Path == "score.linear1" && row.RegularizedBy.Contains("WeightDecay(0.01)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_runs_on_lists_of_tensors_and_says_what_it_gives()
    {
        using var scope = NewDisposeScope();
        using var model = new TwoHeads();
        IModel any = model;
        var x = randn(3, 6);
        var outputs = any.Run([x]);
        Assert.Equal(["Kind", "Size"], any.OutputNames);
        Assert.True(outputs[1].Equals(model.call(x).Size));
        Tensor[] targets = [tensor(new long[] { 0, 1, 2 }), randn(3, 1)];
        Assert.Equal(
            model.Loss((outputs[0], outputs[1]), (targets[0], targets[1])).item<float>(),
            any.LossOf(outputs, targets, null).item<float>());
        var error = Assert.Throws<ArgumentException>(() => any.LossOf(outputs, [targets[0]], null));
        Assert.Contains("The objectives of TwoHeads take 2 targets, found 1.", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "TwoHeads takes at most 1 tensor, found 2.", Assert.Throws<ArgumentException>(() => any.Run([x, x])).Message, StringComparison.Ordinal);
    }
}
