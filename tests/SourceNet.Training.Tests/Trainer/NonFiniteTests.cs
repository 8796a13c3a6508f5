using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests.Trainers;

/// <summary>Numbers that are not finite end a training, wherever they are, with the cause and with weights that are left.</summary>
public sealed class NonFiniteTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gradient_under_a_finite_loss_ends_it_before_the_step(bool clips)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = nn.Linear(8, 1);
        using (no_grad())
        {
            model.weight.fill_(0);
            model.bias!.fill_(0);
        }

        var trainer = new Trainer(
            model,
            (output, targets) => nn.functional.mse_loss(output, targets).sqrt(),
            rate => new RegularizedAdamW(model.parameters(), rate, gradientClip: clips ? new(1) : null),
            new() { Epochs = 1, Metric = null });

        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(new TensorBatches(randn(32, 8), zeros(32, 1), 32)));

        Assert.Equal((1, 1L), (error.Epoch, error.Step));
        Assert.StartsWith("The loss of step 1, in epoch 1, is 0: the gradient of 'weight' is not finite under a loss that is", error.Message);
        Assert.DoesNotContain("GradientClip", error.Message);
        Assert.EndsWith("The model keeps the weights from before this step.", error.Message);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.eq(0).all().item<bool>()));
    }

    [Fact]
    public void A_loss_that_is_not_finite_leaves_weights_and_running_statistics_of_before_the_step()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = new Normed();
        var inputs = randn(64, 64);
        inputs[40, 0] = float.NaN;
        Dictionary<string, Tensor>? before = null;
        var watch = new Watcher { OnStepEnds = run => before = State.Clone(run.Model) };

        var error = Assert.Throws<NonFiniteLossException>(
            () => new Trainer(model, new() { Callbacks = [watch] }).Fit(new TensorBatches(inputs, zeros(64, ScalarType.Int64), 32, classes: 10)));

        Assert.Equal((1, 2L), (error.Epoch, error.Step));
        Assert.Contains("the inputs of the batch are not finite. The model keeps the weights from before this step.", error.Message);
        Assert.All(before!, pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key]), pair.Key));
    }

    [Fact]
    public void Weights_that_a_step_made_infinite_are_those_of_the_epochs_beginning_again()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = nn.Linear(4, 1);
        Dictionary<string, Tensor>? beginning = null;
        var watch = new Watcher
        {
            OnEpochBegins = run => beginning = run.Model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope()),
            OnStepBegins = run =>
            {
                if (run.Epoch == 2)
                {
                    run.Optimizer.ParamGroups.First().LearningRate = 1e39;
                }
            },
        };
        var trainer = new Trainer(
            model,
            (output, targets) => nn.functional.mse_loss(output, targets),
            rate => new RegularizedSgd(model.parameters(), rate, gradientClip: new(1)),
            new() { Epochs = 3, LearningRate = 1e-3, Callbacks = [watch] });

        var error = Assert.Throws<NonFiniteLossException>(() => trainer.Fit(new TensorBatches(randn(8, 4), randn(8, 1), 8)));

        Assert.StartsWith("The train loss after epoch 2 is", error.Message);
        Assert.Contains("'weight' is not finite, since an earlier step made it so: lower the learning rate. The model has the weights from the beginning of "
            + "epoch 2 again.", error.Message);
        Assert.All(beginning!, pair => Assert.True(Bits.AreSame(pair.Value, model.state_dict()[pair.Key]), pair.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_validation_loss_that_is_not_a_number_ends_it_and_the_batch_is_named(bool stopsEarly)
    {
        using var scope = NewDisposeScope();
        using var model = new Plain();
        var inputs = randn(40, 64);
        inputs[25, 3] = float.NaN;
        var options = new TrainerOptions { Epochs = 5, Training = new() { EarlyStoppingPatience = stopsEarly ? 2 : null } };

        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(model, options)
            .Fit(
                new TensorBatches(randn(32, 64), zeros(32, ScalarType.Int64), 32, classes: 10),
                new TensorBatches(inputs, zeros(40, ScalarType.Int64), 10, classes: 10)));

        Assert.Equal((1, 1L), (error.Epoch, error.Step));
        Assert.StartsWith("The validation loss after epoch 1 is NaN: in batch 3, the inputs of the batch are not finite.", error.Message);
    }

    [Fact]
    public void A_metric_that_is_not_finite_ends_it()
    {
        using var scope = NewDisposeScope();
        using var model = new Plain();
        var options = new TrainerOptions { Metric = new Metric("ratio", (_, _) => double.PositiveInfinity) };

        var error = Assert.Throws<NonFiniteLossException>(
            () => new Trainer(model, options).Fit(new TensorBatches(randn(32, 64), zeros(32, ScalarType.Int64), 32, classes: 10)));

        Assert.StartsWith("The train ratio after epoch 1 is Infinity", error.Message);
    }

    [Fact]
    public void A_batch_that_is_ignored_as_a_whole_is_told()
    {
        using var scope = NewDisposeScope();
        using var model = new Plain();
        using var labels = full(32, -100L, ScalarType.Int64);
        var error = Assert.Throws<NonFiniteLossException>(() => new Trainer(model, new()).Fit(new TensorBatches(randn(32, 64), labels, 32)));

        Assert.Contains("every target of the batch is ignored", error.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1031)]
    public void Every_place_of_every_gradient_is_looked_at(int size)
    {
        using var scope = NewDisposeScope();
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            foreach (var place in new[] { 0, size / 2, size - 1 })
            {
                foreach (var wrong in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                {
                    var parameter = new TorchSharp.Modules.Parameter(zeros(size, type));
                    var gradient = full(size, 3e38, type);
                    parameter.grad = gradient;
                    Assert.Null(GradientCheck.NonFinite([("weight", parameter)]));
                    gradient[place] = wrong;
                    parameter.grad = gradient;
                    Assert.Equal("weight", GradientCheck.NonFinite([("weight", parameter)]));
                }
            }
        }
    }
}
