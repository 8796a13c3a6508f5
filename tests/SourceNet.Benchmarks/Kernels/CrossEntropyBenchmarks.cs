using BenchmarkDotNet.Attributes;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Benchmarks.Kernels;

/// <summary>Softmax cross-entropy with label smoothing, with the gradient that its forward pass writes.</summary>
[MemoryDiagnoser]
public class CrossEntropyBenchmarks
{
    private Tensor logits = null!;
    private Tensor targets = null!;

    [Params(10, 1000, 32000)]
    public long Classes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        logits = randn(512, Classes).requires_grad_(true);
        targets = randint(Classes, [512], ScalarType.Int64);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        logits.Dispose();
        targets.Dispose();
    }

    [Benchmark]
    public void Forward() => Objectives.CrossEntropy(logits, targets, 0.1).Dispose();
}
