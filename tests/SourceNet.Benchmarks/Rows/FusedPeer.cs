using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Rows;

/// <summary>PyTorch's own fused AdamW, which TorchSharp offers no function for but TorchScript reaches.</summary>
internal sealed class FusedPeer : IDisposable
{
    private readonly Tensor[] parameters;
    private readonly Tensor[] gradients;
    private readonly Tensor[] means;
    private readonly Tensor[] squares;
    private readonly Tensor[] steps;
    private readonly jit.CompilationUnit unit;

    internal FusedPeer(Parameter[] parameters, double learningRate, double decay)
    {
        this.parameters = [.. parameters.Select(parameter => parameter.detach())];
        gradients = [.. parameters.Select(parameter => parameter.grad!)];
        means = [.. this.parameters.Select(parameter => parameter.zeros_like())];
        squares = [.. this.parameters.Select(parameter => parameter.zeros_like())];
        steps = [.. this.parameters.Select(_ => zeros(1))];
        unit = jit.compile(FormattableString.Invariant($"""
            def step(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor]):
                torch._foreach_add_(steps, 1)
                torch._fused_adamw_(parameters, gradients, means, squares, [], steps, lr={learningRate:0.0###########}, beta1=0.9, beta2=0.999, weight_decay={decay:0.0###########}, eps=1e-8, amsgrad=False, maximize=False)
                return steps[0]

            """));
    }

    internal void Step()
    {
        using var result = (Tensor)unit.invoke("step", parameters, gradients, means, squares, steps);
    }

    public void Dispose()
    {
        unit.Dispose();
        foreach (var tensor in new[] { parameters, gradients, means, squares, steps }.SelectMany(all => all))
        {
            tensor.Dispose();
        }
    }
}
