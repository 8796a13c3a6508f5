using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Puts back what a training changes of a model, whatever happened: weights, buffers, gradients and the state of torch's generator. Modes the training itself
/// puts back.
/// </summary>
internal sealed class UntouchedModel : IDisposable
{
    private readonly nn.Module model;
    private readonly Dictionary<string, Tensor> state;
    private readonly BufferScope buffers;
    private readonly List<(Tensor Parameter, Tensor? Gradient)> gradients = [];

    internal UntouchedModel(nn.Module model)
    {
        this.model = model;
        state = State.Clone(model);
        buffers = new(model);
        foreach (var parameter in model.parameters())
        {
            using var gradient = parameter.grad;
            gradients.Add((parameter, gradient?.clone().DetachFromDisposeScope()));
        }
    }

    public void Dispose()
    {
        State.Copy(state, model);
        State.Dispose(state);
        buffers.Dispose();
        foreach (var (parameter, gradient) in gradients)
        {
            parameter.grad = gradient;
            gradient?.Dispose();
        }
    }
}
