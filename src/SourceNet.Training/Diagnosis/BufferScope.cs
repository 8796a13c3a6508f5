using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Puts a module's buffers and the state of torch's generator back when it is disposed, whatever forward passes in train mode did to them.</summary>
internal sealed class BufferScope : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Before)> buffers;
    private readonly Tensor generator = get_rng_state().DetachFromDisposeScope();

    internal BufferScope(nn.Module model)
    {
        using var noGradient = no_grad();
        var own = model.named_buffers().Select(pair => pair.buffer).Distinct(SameMemory.Comparer);
        buffers = [.. own.Select(buffer => (buffer, buffer.clone().DetachFromDisposeScope()))];
    }

    public void Dispose()
    {
        using var noGradient = no_grad();
        foreach (var (buffer, before) in buffers)
        {
            buffer.copy_(before);
            before.Dispose();
        }

        set_rng_state(generator);
        generator.Dispose();
    }
}
