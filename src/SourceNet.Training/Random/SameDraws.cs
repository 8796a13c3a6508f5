using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Lets a second pass draw what the first one drew: the same dropout masks.</summary>
internal sealed class SameDraws : IDisposable
{
    private readonly Tensor? state;
    private readonly long seed;

    /// <summary>
    /// Notes where torch's generator is. On another device, whose generator TorchSharp cannot read, it is seeded by a draw of the one on the CPU.
    /// </summary>
    internal SameDraws(Device device)
    {
        if (device.type == TorchSharp.DeviceType.CPU)
        {
            state = get_rng_state().DetachFromDisposeScope();
            return;
        }

        using var drawn = randint(long.MaxValue, [], dtype: ScalarType.Int64);
        seed = drawn.item<long>();
        manual_seed(seed);
    }

    /// <summary>The next draws are those after the beginning again.</summary>
    internal void Again()
    {
        if (state is not null)
        {
            set_rng_state(state);
            return;
        }

        manual_seed(seed);
    }

    public void Dispose() => state?.Dispose();
}
