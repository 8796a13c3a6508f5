using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using SourceNet.Kernels.Masks;
using SourceNet.Tests.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Tests.Kernels.Masks;

public sealed class MaskSeedTests
{
    [Fact]
    public void The_manual_seed_of_torch_reproduces_seeds_and_they_differ_from_draw_to_draw()
    {
        manual_seed(5);
        ulong[] first = [MaskSeed.Next(), MaskSeed.Next(), MaskSeed.Next()];
        manual_seed(5);
        ulong[] second = [MaskSeed.Next(), MaskSeed.Next(), MaskSeed.Next()];
        manual_seed(6);
        Assert.Equal(first, second);
        Assert.Equal(3, first.Distinct().Count());
        Assert.NotEqual(first[0], MaskSeed.Next());
        Assert.All(first, seed => Assert.True(seed >> 32 != 0 && (uint)seed != 0));
    }

    [Fact]
    public void A_kernel_and_the_composed_operators_draw_the_same_mask()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.4);
        // Not contiguous, so that it is composed.
        var turned = randn(6, 5).t().contiguous().t();
        manual_seed(11);
        var composed = Fused.Activation(turned, default(SiLU), dropout);
        manual_seed(11);
        var kernel = Fused.Activation(turned.contiguous(), default(SiLU), dropout);
        manual_seed(11);
        var doubles = Fused.Activation(turned.to(ScalarType.Float64), default(SiLU), dropout);
        manual_seed(12);
        var other = Fused.Activation(turned.contiguous(), default(SiLU), dropout);
        Accuracy.Same(composed, kernel, 1e-6);
        Accuracy.Same(doubles, kernel, 1e-6);
        Assert.NotEqual(other.Values(), kernel.Values());
    }

    [Fact]
    public void Each_call_has_a_mask_of_its_own_and_its_backward_pass_the_same_one()
    {
        using var scope = NewDisposeScope();
        using var dropout = nn.Dropout(0.5);
        manual_seed(3);
        var x = ones(1000).requires_grad_();
        var first = Fused.Dropout(x, dropout);
        var second = Fused.Dropout(x, dropout);
        Assert.NotEqual(first.Values(), second.Values());
        first.sum().backward();
        Assert.Equal(first.Values(), x.grad!.Values());
    }
}
