using static TorchSharp.torch;

namespace SourceNet.Training.Tests;

/// <summary>What a piece of work leaves behind.</summary>
internal static class Memory
{
    /// <summary>
    /// Fails if the number of live tensors changes over 1000 rounds. One thread is enough for tensors this small, and does not wait for busy cores.
    /// </summary>
    internal static void AssertFlat(Action round)
    {
        var threads = get_num_threads();
        set_num_threads(1);
        try
        {
            round();
            var before = LiveTensors.Count;
            for (var number = 0; number < 1000; number++)
            {
                round();
            }

            Assert.Equal(before, LiveTensors.Count);
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
