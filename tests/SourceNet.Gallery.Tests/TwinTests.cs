using SourceNet.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>What is generated computes what an expert wrote: outputs, every gradient, the loss.</summary>
public class TwinTests
{
    /// <summary>Of Float32; in Float64 nothing is left of it but the last digits, so that a small gradient cannot hide a wrong one.</summary>
    private const double Tolerance = 1e-5;
    private const double DoubleTolerance = 1e-9;

    public static TheoryData<string> Names => Specimens.Names();

    public static TheoryData<string> Comparable => Specimens.NamesWhere(specimen => specimen.IsComparableInTraining);

    public static TheoryData<string> Random => Specimens.NamesWhere(specimen => specimen.IsRandomInTraining);

    [Theory, MemberData(nameof(Names))]
    public void Equals_its_twin_in_eval_mode(string name) => Compare(Specimens.Of(name), train: false, ScalarType.Float32);

    [Theory, MemberData(nameof(Comparable))]
    public void Equals_its_twin_in_train_mode(string name) => Compare(Specimens.Of(name), train: true, ScalarType.Float32);

    [Theory, MemberData(nameof(Names))]
    public void Equals_its_twin_in_double_precision(string name)
    {
        Compare(Specimens.Of(name), train: false, ScalarType.Float64);
        if (Specimens.Of(name).IsComparableInTraining)
        {
            Compare(Specimens.Of(name), train: true, ScalarType.Float64);
        }
    }

    [Theory, MemberData(nameof(Random))]
    public void Is_random_in_train_mode_and_not_in_eval_mode(string name)
    {
        var specimen = Specimens.Of(name);
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var model = specimen.Model();
        var input = specimen.Input();

        var (first, second) = (model.call(input), model.call(input));
        model.eval();
        var (third, fourth) = (model.call(input), model.call(input));

        Assert.False(first.Equals(second));
        Assert.True(third.Equals(fourth));
    }

    [Theory, MemberData(nameof(Names))]
    public void Has_the_loss_of_its_twin(string name)
    {
        var specimen = Specimens.Of(name);
        using var scope = NewDisposeScope();
        var (model, twin) = Pair(specimen);
        model.eval();
        twin.eval();
        var (input, target) = (specimen.Input(), specimen.Target());

        var loss = model.Loss(model.call(input), target);
        var expected = specimen.Objective(twin.call(input), target);
        foreach (var (parameter, value) in twin.named_parameters().Where(pair => specimen.Penalty(pair.name) > 0))
        {
            expected = expected + (value.square().sum() * specimen.Penalty(parameter) / 2);
        }

        loss.backward();
        expected.backward();
        AssertClose("the loss", expected, loss);
        CompareGradients(specimen, model, twin);
    }

    private static void Compare(Specimen specimen, bool train, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (model, twin) = Pair(specimen);
        model.to(type).train(train);
        twin.to(type).train(train);
        SwitchDropoutOff(model);
        SwitchDropoutOff(twin);
        var (input, twinInput) = Twice(specimen.Input(), type);

        manual_seed(7);
        var output = model.call(input);
        manual_seed(7);
        var expected = twin.call(twinInput);

        AssertClose("the output", expected, output);
        // A weighted sum: each element's gradient differs, so that none can stand in for another.
        var weights = randn(expected.shape, type);
        (output * weights).sum().backward();
        (expected * weights).sum().backward();
        CompareGradients(specimen, model, twin);
        if (input.requires_grad)
        {
            AssertClose("the input's gradient", twinInput.grad!, input.grad!);
        }

        var buffers = twin.named_buffers().ToDictionary(pair => pair.name, pair => pair.buffer);
        foreach (var (name, buffer) in model.named_buffers())
        {
            AssertClose(name, buffers[specimen.NameInTwin(name)], buffer);
        }
    }

    /// <summary>A kernel draws other masks than TorchSharp's dropout does. Everything else that is random draws what the twin draws.</summary>
    private static void SwitchDropoutOff(nn.Module module)
    {
        foreach (var part in module
            .modules()
            .Where(part => part is Dropout or Dropout1d or Dropout2d or Dropout3d or FeedForward or DropPath or Twins.StochasticDepth))
        {
            part.eval();
        }
    }

    /// <summary>The model and its twin with the same values under the same names.</summary>
    private static (Model Model, nn.Module<Tensor, Tensor> Twin) Pair(Specimen specimen)
    {
        manual_seed(3);
        var model = specimen.Model();
        var twin = specimen.Twin();
        var state = model.state_dict();
        var twins = twin.state_dict();
        Assert.Equal(twins.Keys.Order(), state.Keys.Select(specimen.NameInTwin).Order());
        using var noGradient = no_grad();
        foreach (var (name, value) in state)
        {
            if (value.is_floating_point() && (value == value.mean()).all().item<bool>())
            {
                // Zeros and ones of a fresh norm or bias would hide what is mixed up.
                value.add_(rand_like(value), 0.5);
            }

            Assert.Equal(value.shape, twins[specimen.NameInTwin(name)].shape);
            twins[specimen.NameInTwin(name)].copy_(value);
        }

        return (model, twin);
    }

    private static void CompareGradients(Specimen specimen, Model model, nn.Module twin)
    {
        var twins = twin.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach (var (name, parameter) in model.named_parameters())
        {
            var expected = twins[specimen.NameInTwin(name)].grad;
            Assert.True(parameter.grad is not null && expected is not null, $"{name} has no gradient");
            AssertClose($"the gradient of {name}", expected!, parameter.grad!);
        }
    }

    private static (Tensor First, Tensor Second) Twice(Tensor input, ScalarType type) => input.is_floating_point()
        ? (input.to(type, copy: true).requires_grad_(), input.to(type, copy: true).requires_grad_())
        : (input, input);

    private static void AssertClose(string what, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var isDouble = expected.dtype == ScalarType.Float64;
        var scale = Math.Max(isDouble ? 0.001 : 1, expected.abs().max().ToDouble());
        var difference = (expected - actual).abs().max().ToDouble();
        Assert.True(
            difference <= (isDouble ? DoubleTolerance : Tolerance) * scale,
            FormattableString.Invariant($"{what} differs by {difference:g3} where values go up to {scale:g3}"));
    }
}
