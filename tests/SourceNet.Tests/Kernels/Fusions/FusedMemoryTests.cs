using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using static TorchSharp.torch;
using RMSNorm = SourceNet.Layers.RMSNorm;

namespace SourceNet.Tests.Kernels.Fusions;

public sealed class FusedMemoryTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Memory_stays_flat_over_ten_thousand_steps(bool scoped)
    {
        var (rms, norm, batch, dropout) = (new RMSNorm(64), nn.LayerNorm(64), nn.BatchNorm1d(64), nn.Dropout(0.1));
        using var weight = nn.Parameter(randn(64, 64) * 0.1);
        using var input = randn(32, 64);
        using var targets = zeros([32], ScalarType.Int64);
        Steps(2000);
        var (tensors, bytes) = Settled();

        Steps(10_000);

        var (after, afterBytes) = Settled();
        Assert.InRange(after - tensors, long.MinValue, 20);
        // Without a scope, wrappers that TorchSharp makes inside of its custom functions wait for the garbage collector, whose heap has grown by then.
        Assert.InRange(afterBytes - bytes, long.MinValue, (scoped ? 16L : 100L) << 20);

        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = scoped ? NewDisposeScope() : null;
                using var a = nn.functional.linear(input, weight);
                using var b = Fused.RMSNorm(a, rms, default(SiLU), dropout);
                using var c = Fused.LayerNorm(b, norm, default(GELU), dropout);
                using var d = Fused.BatchNorm(c, batch, default(ReLU), dropout);
                using var e = Fused.SwiGlu(d, c);
                using var loss = Objectives.CrossEntropy(e, targets, 0.1);
                loss.backward();
                weight.grad = null;
            }
        }

        static (long Tensors, long Bytes) Settled()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return (Tensor.TotalCount, Environment.WorkingSet);
        }
    }
}
