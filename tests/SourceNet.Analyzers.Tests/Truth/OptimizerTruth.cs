using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Analyzers.Tests.Truth;

public class OptimizerTruth
{
    [Fact]
    [Truth("SN2001")]
    public void Adam_decays_a_weight_with_large_gradients_less_and_AdamW_all_alike()
    {
        Assert.True(Decayed(weight => optim.Adam(weight, lr: 1e-2, weight_decay: 0.1), gradient: 100) < 0.1 * Decayed(weight => optim.Adam(weight, lr: 1e-2, weight_decay: 0.1), gradient: 0.01f));
        Assert.Equal(1, Decayed(weight => optim.AdamW(weight, lr: 1e-2, weight_decay: 0.1), gradient: 100) / Decayed(weight => optim.AdamW(weight, lr: 1e-2, weight_decay: 0.1), gradient: 0.01f), 2);
    }

    /// <summary>How far the decay moved a weight of 1 in 20 steps: the difference to a weight of 0, which has none, under the same gradients.</summary>
    private static double Decayed(Func<Parameter[], optim.Optimizer> make, float gradient)
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(tensor(new[] { 1f, 0f }));
        var optimizer = make([weight]);
        for (var step = 0; step < 20; step++)
        {
            weight.grad = full(2, step % 2 == 0 ? gradient : -gradient);
            optimizer.step();
        }

        return 1 - (weight[0] - weight[1]).item<float>();
    }
}
