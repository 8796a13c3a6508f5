using TorchSharp;

namespace SourceNet.Tests.Kernels;

/// <summary>
/// A number of threads for libtorch and the kernels until disposed. It holds for the calling thread, so that tests that run beside it keep theirs.
/// </summary>
internal sealed class ThreadCount : IDisposable
{
    private readonly int before = torch.get_num_threads();

    internal ThreadCount(int threads) => torch.set_num_threads(threads);

    public void Dispose() => torch.set_num_threads(before);
}
