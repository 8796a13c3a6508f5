using TorchSharp;
using static TorchSharp.torch;
using OpenStack = SourceNet.CompilerServices.Stack<SourceNet.Gallery.OpenBlock>;

namespace SourceNet.Gallery;

/// <summary>Residual sums that are computed with what follows them: the same numbers and masks, whoever calls the blocks.</summary>
public class SumFusionTests
{
    [Fact]
    public void A_chain_draws_the_masks_that_its_blocks_draw_when_they_are_called_by_themselves()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (chained, apart) = (new SumZoo(), new SumZooApart());
        apart.load_state_dict(chained.state_dict());
        var (input, sameInput) = (randn(4, 6, 8, 8), default(Tensor));
        sameInput = input.clone().requires_grad_();
        input.requires_grad_();

        manual_seed(5);
        var output = chained.call(input);
        manual_seed(5);
        var expected = apart.call(sameInput);
        output.square().sum().backward();
        expected.square().sum().backward();

        AssertClose(expected, output);
        AssertClose(sameInput.grad!, input.grad!);
        foreach (var (one, other) in apart.parameters().Zip(chained.parameters()))
        {
            AssertClose(one.grad!, other.grad!);
        }
    }

    [Fact]
    public void A_stack_draws_the_masks_that_its_models_draw_when_they_are_called_by_themselves()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var stack = new OpenStack(3, _ => new OpenBlock(5));
        var input = randn(4, 3, 5);

        manual_seed(5);
        var output = stack.call(input);
        manual_seed(5);
        var expected = stack.Blocks.Aggregate(input, (x, block) => block.Feed(block.Mix(x)));

        AssertClose(expected, output);
    }

    [Fact]
    public void Blocks_that_are_called_by_themselves_compute_what_the_model_does()
    {
        using var scope = NewDisposeScope();
        using var model = new SumZoo();
        model.eval();
        var input = randn(4, 6, 8, 8);
        var x = model.Stem(input);
        var plain = model.Plain(x);
        var activated = model.Activated(model.Skipped(model.After(plain)));
        var logits = model.Logits(model.Twice(model.Pool(model.Centered(model.Product(model.Normalized(activated))))));

        AssertClose(logits, model.call(input));
        // No block takes its input away from who called it.
        Assert.Equal(plain.shape, model.After(plain).shape);
        Assert.Equal(x.shape, model.Plain(x).shape);
    }

    [Fact]
    public void A_hook_on_a_model_of_a_stack_sees_its_call()
    {
        using var scope = NewDisposeScope();
        using var stack = new OpenStack(3, _ => new OpenBlock(5));
        stack.eval();
        var input = randn(2, 3, 5);
        var expected = stack.call(input);
        Tensor? seen = null;
        var hook = stack.Blocks[1].register_forward_hook((_, _, output) =>
        {
            seen = output.detach().clone();
            return output * 2;
        });

        var doubled = stack.call(input);

        AssertClose(stack.Blocks[1].call(stack.Blocks[0].call(input)), seen! * 2);
        AssertClose(stack.Blocks[2].call(seen! * 2), doubled);
        hook.remove();
        AssertClose(expected, stack.call(input));
    }

    [Fact]
    public void A_hook_on_a_stack_sees_its_call()
    {
        using var scope = NewDisposeScope();
        using var model = new SumStack();
        var calls = 0;
        foreach (var stack in model.modules().OfType<OpenStack>())
        {
            stack.register_forward_hook((_, _, output) =>
            {
                calls++;
                return output;
            });
        }

        model.call(randn(2, 3, 6));

        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_model_that_derives_from_another_is_stacked_by_its_own_forward()
    {
        using var scope = NewDisposeScope();
        using var stack = new OpenStack(2, _ => new Halved());
        stack.eval();
        var input = randn(2, 3, 5);

        AssertClose(stack.Blocks[1].call(stack.Blocks[0].call(input)), stack.call(input));
    }

    [Fact]
    public void What_is_no_float32_tensor_in_a_row_gives_the_same()
    {
        using var scope = NewDisposeScope();
        using var model = new SumStack();
        model.eval();
        var turned = randn(4, 6, 5).transpose(1, 2);
        var expected = model.call(turned.contiguous());
        AssertClose(expected, model.call(turned));
        using (no_grad())
        {
            AssertClose(expected, model.call(turned));
        }

        using (inference_mode())
        {
            AssertClose(expected, model.call(turned));
        }

        model.to(ScalarType.Float64);
        AssertClose(expected.to(ScalarType.Float64), model.call(turned.to(ScalarType.Float64)));
    }

    private static void AssertClose(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        var scale = Math.Max(1, expected.abs().max().ToDouble());
        Assert.InRange((expected - actual).abs().max().ToDouble(), 0, 1e-5 * scale);
    }

    private sealed class Halved() : OpenBlock(5)
    {
        public override Tensor forward(Tensor input)
        {
            using var output = base.forward(input);
            return output / 2;
        }
    }
}
