using SourceNet.Kernels.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// What an optimizer remembers of one parameter: how many steps it took, numbers, and tensors that exist from the first step that needs them.
/// </summary>
/// <param name="parameter">The parameter.</param>
/// <param name="shapes">The shape of each tensor.</param>
/// <param name="numbersCount">How many numbers.</param>
internal sealed class RegularizedState(Parameter parameter, long[][] shapes, int numbersCount) : OptimizerState(parameter), IDisposable
{
    private readonly Tensor?[] tensors = new Tensor?[shapes.Length];
    private readonly double[] numbers = new double[numbersCount];

    internal long Step { get; set; }

    /// <summary>How many tensors there may be.</summary>
    internal int Tensors => tensors.Length;

    /// <summary>The numbers, 0 before the first step.</summary>
    internal Span<double> Numbers => numbers;

    /// <summary>Whether a step found out that the parameter's memory may be written to outside of inference mode.</summary>
    internal bool MayBeWritten { get; set; }

    /// <summary>The tensor of an index, zeros if it is new.</summary>
    internal Tensor OrZeros(int index) => tensors[index] ??= Zeros(shapes[index]);

    /// <summary>A step in inference mode would make tensors that no step outside of it may write to.</summary>
    private Tensor Zeros(long[] shape)
    {
        using var mode = inference_mode(false);
        using var noGradient = no_grad();
        // With the parameter's strides, where it has its shape.
        var made = shape.AsSpan().SequenceEqual(_parameter.shape) ? _parameter.zeros_like() : zeros(shape, dtype: _parameter.dtype, device: _parameter.device);
        return made.DetachFromDisposeScope();
    }

    /// <summary>The floats of <see cref="OrZeros"/>, one for each of the parameter's; null if they lie elsewhere or otherwise.</summary>
    internal unsafe float* Floats(int index, long expected)
    {
        var handle = OrZeros(index).Handle;
        return NativeTensor.Count(handle) == expected ? NativeTensor.Floats(handle) : null;
    }

    /// <summary>The tensor of an index, null if no step needed it yet.</summary>
    internal Tensor? this[int index]
    {
        get => tensors[index];
        set
        {
            tensors[index]?.Dispose();
            tensors[index] = value?.DetachFromDisposeScope();
        }
    }

    public override void Initialize(OptimizerOptions options) => Dispose();

    public void Dispose()
    {
        Step = 0;
        Numbers.Clear();
        for (var index = 0; index < tensors.Length; index++)
        {
            this[index] = null;
        }
    }

    public override void to(Device device)
    {
        for (var index = 0; index < tensors.Length; index++)
        {
            this[index] = tensors[index]?.to(device);
        }
    }

    public override void SaveStateDict(BinaryWriter writer)
    {
        writer.Write(Step);
        foreach (var number in numbers)
        {
            writer.Write(number);
        }

        foreach (var tensor in tensors)
        {
            SaveConditionalStateTensor(writer, tensor);
        }
    }

    public override void LoadStateDict(BinaryReader reader)
    {
        Step = reader.ReadInt64();
        for (var index = 0; index < numbers.Length; index++)
        {
            numbers[index] = reader.ReadDouble();
        }

        for (var index = 0; index < tensors.Length; index++)
        {
            using var loaded = reader.ReadBoolean() ? Tensor.Load(reader) : null;
            this[index] = loaded is null ? null : Fitted(loaded, index);
        }
    }

    public override void LoadStateDict(OptimizerState source)
    {
        if (source is not RegularizedState other || other.tensors.Length != tensors.Length
            || other.numbers.Length != numbers.Length)
        {
            throw new ArgumentException($"The state is that of another optimizer ({source?.GetType().Name ?? "null"}).", nameof(source));
        }

        Step = other.Step;
        other.Numbers.CopyTo(Numbers);
        for (var index = 0; index < tensors.Length; index++)
        {
            this[index] = other.tensors[index] is { } tensor ? Fitted(tensor, index) : null;
        }
    }

    public override bool ApproximatelyEquals(OptimizerState other) =>
        other is RegularizedState rest
        && rest.Step == Step
        && rest.Numbers.SequenceEqual(Numbers)
        && tensors.Zip(rest.tensors, (one, another) => one is null ? another is null : another is not null && one.allclose(another)).All(equal => equal);

    /// <summary>A copy with the parameter's type, on its device.</summary>
    private Tensor Fitted(Tensor tensor, int index) =>
        tensor.shape.AsSpan().SequenceEqual(shapes[index])
            ? tensor.to(_parameter.dtype, _parameter.device, copy: true)
            : throw new InvalidDataException($"The saved state has a tensor {Shapes.Text(tensor.shape)} where the parameter "
                + $"{Shapes.Text(_parameter.shape)} has {Shapes.Text(shapes[index])}: it belongs to another model, or to groups in another order.");
}
