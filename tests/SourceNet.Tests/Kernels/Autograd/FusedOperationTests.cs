using System.Runtime.InteropServices;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Autograd;

public class FusedOperationTests
{
    private static Tensor Leaf(int seed, params long[] shape) => Samples.Normal(seed, shape).requires_grad_();

    [Fact]
    public void Gradients_reach_every_input_that_asks()
    {
        using var a = Leaf(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        var product = new Product();
        var outputs = product.Apply(a, b);
        using var loss = outputs[0].sum() + outputs[1].sum();
        loss.backward();
        Samples.Close([.. b.Values().Select(value => value + 1)], a.grad!);
        Samples.Close([.. a.Values().Select(value => value + 1)], b.grad!);
        Assert.Equal([true, true], product.Asked.Single());
    }

    [Fact]
    public void A_frozen_input_is_not_asked_for()
    {
        using var a = Samples.Normal(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        var product = new Product();
        product.Apply(a, b)[0].sum().backward();
        Assert.Equal([false, true], product.Asked.Single());
        Samples.Close(a.Values(), b.grad!);
    }

    [Fact]
    public void An_output_that_was_not_used_has_no_gradient()
    {
        using var a = Leaf(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        var product = new Product();
        product.Apply(a, b)[1].sum().backward();
        Assert.Null(product.Given.Single()[0]);
        Samples.Close([1, 1, 1, 1, 1, 1], a.grad!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_node_without_a_need_for_gradients(bool frozen)
    {
        using var a = Samples.Normal(1, 2).requires_grad_(!frozen);
        using var b = Samples.Normal(2, 2);
        using var mode = frozen ? null : no_grad();
        var outputs = new Product().Apply(a, b);
        Assert.All(outputs, output => Assert.False(output.requires_grad));
    }

    [Fact]
    public void Expanded_gradients_arrive_contiguous()
    {
        using var a = Leaf(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        var outputs = new Product().Apply(a, b);
        outputs[0].backward([ones([], dtype: ScalarType.Float64).expand(2, 3)]);
        Samples.Close(b.Values(), a.grad!);
    }

    [Fact]
    public void Gradients_have_gradients()
    {
        using var a = Leaf(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        using var double1 = (a * 2).alias();
        var output = new Product().Apply(double1, b)[0];
        var first = autograd.grad([output.pow(2).sum()], [a, b], retain_graph: true, create_graph: true);
        using var sum = first[0].sum() + first[1].sum();
        sum.backward();
        // f = 4 a² b², so the gradients of f_a + f_b = 8 a b² + 8 a² b are:
        var (x, y) = (a.Values(), b.Values());
        Samples.Close([.. x.Zip(y, (p, q) => 8 * q * q + 16 * p * q)], a.grad!);
        Samples.Close([.. x.Zip(y, (p, q) => 16 * p * q + 8 * p * p)], b.grad!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_of_the_backward_pass_is_thrown_where_it_was_called(bool byGrad)
    {
        using var a = Leaf(1, 2, 3);
        using var b = Leaf(2, 2, 3);
        using var x = (a * 2).alias();
        // Three nodes: the failing one, one that runs before and one that runs after.
        var early = new Product();
        var failing = new Product { BackwardFailure = new InvalidTimeZoneException("nobody throws this") };
        var late = new Product();
        using var loss = late.Apply(failing.Apply(early.Apply(x, b)[0], b)[0], b)[0].sum();
        var error = Assert.Throws<ExternalException>(() =>
        {
            if (byGrad)
            {
                autograd.grad([loss], [a, b]);
            }
            else
            {
                loss.backward();
            }
        });
        Assert.Contains("nobody throws this", error.Message);
        Assert.Contains(nameof(InvalidTimeZoneException), error.Message);
        Assert.Contains("the product", error.Message);
        Assert.Equal((1, 1, 0), (late.Backwards, failing.Backwards, early.Backwards));

        // Nothing is left behind.
        a.grad = null;
        b.grad = null;
        new Product().Apply(a, b)[0].sum().backward();
        Samples.Close(b.Values(), a.grad!);
    }

    [Fact]
    public void A_failure_of_the_forward_pass_is_thrown_as_it_is()
    {
        using var a = Leaf(1, 2);
        Assert.Throws<InvalidTimeZoneException>(() => new Product { ForwardFailure = new InvalidTimeZoneException() }.Apply(a, a));
    }

    [Fact]
    public void An_input_that_was_written_to_since_is_an_error()
    {
        using var a = Leaf(1, 2);
        using var b = Leaf(2, 2);
        using var x = (a * 1).alias();
        using var loss = new Product().Apply(x, b)[0].sum();
        x.add_(1);
        var error = Assert.Throws<ExternalException>(loss.backward);
        Assert.Contains("modified by an inplace operation", error.Message);
    }

    [Fact]
    public void A_graph_can_be_run_through_again_only_if_it_was_retained()
    {
        using var a = Leaf(1, 2);
        using var b = Leaf(2, 2);
        using var loss = new Product().Apply(a, b)[0].sum();
        loss.backward(retain_graph: true);
        loss.backward();
        Samples.Close([.. b.Values().Select(value => 2 * value)], a.grad!);
        var error = Assert.Throws<ExternalException>(loss.backward);
        Assert.Contains("retain_graph", error.Message);
    }

    [Fact]
    public void What_a_node_keeps_is_free_after_the_backward_pass()
    {
        using var a = Leaf(1, 2);
        using var b = Leaf(2, 2);
        using var outer = NewDisposeScope();
        var outputs = new Product().Apply(a, b);
        Assert.Equal(2, outer.DisposablesCount);
        using (var loss = outputs[0].sum())
        {
            loss.backward();
        }

        Assert.Equal(2, outer.DisposablesCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Memory_stays_flat_over_many_iterations(bool scoped)
    {
        using var a = rand(1 << 16).requires_grad_();
        using var b = rand(1 << 16).requires_grad_();
        long before = 0;
        for (var iteration = 0; iteration < 2000; iteration++)
        {
            using var scope = scoped ? NewDisposeScope() : null;
            var outputs = new Product { Quiet = true }.Apply(a, b);
            using var loss = outputs[0].sum();
            loss.backward();
            outputs[0].Dispose();
            outputs[1].Dispose();
            if (iteration == 200)
            {
                before = Environment.WorkingSet;
            }
        }

        // A tensor lost in each iteration would be 470 MB.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 100 << 20);
    }

    [Fact]
    public void Survives_a_garbage_collector_that_never_rests()
    {
        using var collector = new BusyCollector();
        using var a = rand(257).requires_grad_();
        using var b = rand(257).requires_grad_();
        for (var iteration = 0; iteration < 500; iteration++)
        {
            a.grad = null;
            var middle = new Product { Quiet = true }.Apply(a, b)[0];
            var output = new Product { Quiet = true }.Apply(middle, b)[0];
            // TorchSharp's own calls do not keep what they are called on alive.
            using var loss = output.sum();
            loss.backward();
            using var expected = b * b;
            using var gradient = a.grad!;
            Assert.True(expected.allclose(gradient));
        }
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed =>
        {
            using var a = Leaf(seed, 5);
            using var b = Leaf(seed + 100, 5);
            for (var iteration = 0; iteration < 50; iteration++)
            {
                using var scope = NewDisposeScope();
                a.grad = null;
                new Product().Apply(a, b)[0].sum().backward();
                Samples.Close(b.Values(), a.grad!);
            }
        });
    }
}
