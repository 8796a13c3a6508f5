using System.Runtime.CompilerServices;
using TorchSharp;

// Tests count live tensors, of which there is one number for the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SourceNet.Gallery;

internal static class Assembly
{
    /// <summary>The models are small: threads would only wait for each other.</summary>
    [ModuleInitializer]
    internal static void UseOneThread() => torch.set_num_threads(1);
}
