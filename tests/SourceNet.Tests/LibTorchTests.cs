using TorchSharp;

namespace SourceNet.Tests;

public class LibTorchTests
{
    [Fact]
    public void The_native_library_loads_on_this_machine()
    {
        using var x = torch.ones(2, 3);
        Assert.Equal(6f, x.sum().item<float>());
    }
}
