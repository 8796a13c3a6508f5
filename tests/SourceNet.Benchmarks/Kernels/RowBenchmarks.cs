using BenchmarkDotNet.Attributes;
using SourceNet.CompilerServices;
using SourceNet.CompilerServices.Activations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Kernels;

/// <summary>Kernels over rows, forward without gradients.</summary>
[MemoryDiagnoser]
public class RowBenchmarks
{
    private readonly Layers.RMSNorm rmsNorm = new(1024);
    private readonly LayerNorm layerNorm = nn.LayerNorm(1024);
    private readonly Dropout dropout = nn.Dropout(0.3);
    private readonly IDisposable ungraded = no_grad();
    private Tensor x = null!;

    [Params(32, 256, 4096)]
    public long Rows { get; set; }

    [GlobalSetup]
    public void Setup() => x = randn(Rows, 1024);

    [GlobalCleanup]
    public void Cleanup()
    {
        x.Dispose();
        ungraded.Dispose();
    }

    [Benchmark]
    public void RMSNorm() => Fused.RMSNorm(x, rmsNorm, default(CompilerServices.Activations.Identity)).Dispose();

    [Benchmark]
    public void RMSNormSiLU() => Fused.RMSNorm(x, rmsNorm, default(CompilerServices.Activations.SiLU)).Dispose();

    [Benchmark]
    public void RMSNormSiLUDropout() => Fused.RMSNorm(x, rmsNorm, default(CompilerServices.Activations.SiLU), dropout).Dispose();

    [Benchmark]
    public void LayerNormGELU() => Fused.LayerNorm(x, layerNorm, default(CompilerServices.Activations.GELU)).Dispose();

    [Benchmark]
    public void Dropout() => Fused.Dropout(x, dropout).Dispose();

    [Benchmark]
    public void SwiGlu() => Fused.SwiGlu(x, x).Dispose();
}
