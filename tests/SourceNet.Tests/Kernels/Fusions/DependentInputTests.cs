using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Tests.Kernels.Fusions;

/// <summary>Gradients of gradients where one input of an operation was computed from another: each has only the gradient that goes to it directly.</summary>
public sealed class DependentInputTests
{
    private static void AssertSame(Func<Tensor, Tensor> fused, Func<Tensor, Tensor> operators)
    {
        using var scope = NewDisposeScope();
        var input = randn([4, 6, 10]);
        var (ours, theirs) = (Twice(fused), Twice(operators));

        Assert.True(theirs.allclose(ours, 1e-3, 1e-3), $"{(theirs - ours).abs().max().item<float>()}");

        Tensor Twice(Func<Tensor, Tensor> call)
        {
            var x = input.clone().requires_grad_(true);
            var first = autograd.grad([call(x).sin().sum()], [x], retain_graph: true, create_graph: true)[0];
            first.square().sum().backward();
            return x.grad!;
        }
    }

    [Fact]
    public void A_gate_and_what_it_gates() => AssertSame(x => Fused.SwiGlu(x, x * 2), x => nn.functional.silu(x) * (x * 2));

    [Fact]
    public void A_sum_and_its_norm()
    {
        var norm = new RMSNorm(10);
        AssertSame(
            x =>
            {
                var (sum, result) = Fused.AddRMSNorm(x, x * 3, norm, default(Tanh));
                return sum + result;
            },
            x => (x * 4) + (x * 4 * ((x * 4).square().mean([-1], keepdim: true) + 1e-5).rsqrt()).tanh());
    }
}
