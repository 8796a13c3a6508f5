using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>
/// Rotates queries and keys <c>[N, heads, T, d]</c> by their position (Su et al. 2021), in the half-split convention of GPT-NeoX and Llama:
/// feature i turns together with feature i + d/2, at position t by the angle <c>t · base^(−2i/d)</c>.
/// </summary>
internal sealed class RotaryPositions(long headSize, double frequencyBase) : IDisposable
{
    // Replaced as a whole, so that forward passes on several threads see one table or the other.
    private Table? table;

    internal Tensor Rotate(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (cosine, sine) = For(input.size(2), input.dtype, input.device);
        var half = headSize / 2;
        var (first, second) = (input.narrow(3, 0, half), input.narrow(3, half, half));
        var rotatedFirst = first.mul(cosine).sub(second.mul(sine));
        var rotatedSecond = second.mul(cosine).add(first.mul(sine), Scalars.One);
        return cat([rotatedFirst, rotatedSecond], 3).MoveToOuterDisposeScope();
    }

    private (Tensor Cosine, Tensor Sine) For(long length, ScalarType type, Device device)
    {
        var current = table;
        if (current is null || !current.Serves(length, type, device))
        {
            // A power of two: generation that grows by one position each time computes few tables.
            table = current = Compute((long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)length), type, device);
        }

        return (current.Cosine.narrow(0, 0, length), current.Sine.narrow(0, 0, length));
    }

    /// <summary>Angles are computed in double precision: a Float32 position times a frequency loses digits in long sequences.</summary>
    private Table Compute(long length, ScalarType type, Device device)
    {
        var half = (int)(headSize / 2);
        var cosine = new double[length * half];
        var sine = new double[length * half];
        for (var index = 0; index < half; index++)
        {
            var frequency = Math.Pow(frequencyBase, -2.0 * index / headSize);
            for (var position = 0; position < length; position++)
            {
                (sine[position * half + index], cosine[position * half + index]) = Math.SinCos(position * frequency);
            }
        }

        // A table made in inference mode could not be used in training afterwards.
        using var normal = inference_mode(false);
        using var noGradient = no_grad();
        return new(Tensor(cosine), Tensor(sine), length, type, device);

        Tensor Tensor(double[] values) => tensor(values, [length, half], dtype: type, device: device).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        table?.Cosine.Dispose();
        table?.Sine.Dispose();
        table = null;
    }

    private sealed record Table(Tensor Cosine, Tensor Sine, long Length, ScalarType Type, Device Device)
    {
        // Device has no equality of its own.
        internal bool Serves(long length, ScalarType type, Device device) =>
            length <= Length && type == Type && device.type == Device.type && device.index == Device.index;
    }
}
