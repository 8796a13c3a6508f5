using BenchmarkDotNet.Attributes;
using SourceNet.CompilerServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Kernels;

/// <summary>Batch norm with ReLU, forward without gradients.</summary>
[MemoryDiagnoser]
public class BatchNormBenchmarks
{
    private readonly BatchNorm2d norm = nn.BatchNorm2d(64);
    private readonly Dropout2d dropout = nn.Dropout2d(0.2);
    private readonly IDisposable ungraded = no_grad();
    private Tensor x = null!;

    [Params(7, 32)]
    public long Side { get; set; }

    [GlobalSetup]
    public void Setup() => x = randn([64, 64, Side, Side]);

    [GlobalCleanup]
    public void Cleanup()
    {
        x.Dispose();
        ungraded.Dispose();
    }

    [Benchmark]
    public void BatchNormReLU() => Fused.BatchNorm(x, norm, default(CompilerServices.Activations.ReLU)).Dispose();

    [Benchmark]
    public void BatchNormReLUDropout2d() => Fused.BatchNorm(x, norm, default(CompilerServices.Activations.ReLU), dropout).Dispose();
}
