using TorchSharp;
using static TorchSharp.torch;

namespace Retrofit;

/// <summary>Recognizes digits with a trained network.</summary>
public sealed class Recognizer : IDisposable
{
    private readonly DigitNet _net = new();

    public Recognizer(string file) => _net.load(file);

    public float Accuracy(Digits digits)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        _net.eval();
        return _net.call(digits.Images).argmax(1).eq(digits.Labels).to(ScalarType.Float32).mean().item<float>();
    }

    public void Dispose() => _net.Dispose();
}
