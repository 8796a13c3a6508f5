[Model, Input(3, 8, 8)]
public sealed partial class Encoder : Model
{
    [Conv2d(16, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), GlobalAveragePool]
    private partial Tensor Features(Tensor x);

    [Linear(32), Output]
    private partial Tensor Code(Tensor x);
}

[Model, Input(16)]
public sealed partial class TwoHeads : Model
{
    [Linear(8), Activation(Tanh)] private partial Tensor Left(Tensor x);

    [Linear(8), Dropout(0.1)] private partial Tensor Right(Tensor x);

    public override Tensor forward(Tensor input) => Left(input) + nn.functional.relu(Right(input));
}

public sealed class Probe : nn.Module<Tensor, Tensor>
{
    private readonly Encoder encoder = new();
    private readonly TorchSharp.Modules.Linear probe = nn.Linear(32, 2);

    public Probe()
        : base("probe") => RegisterComponents();

    public override Tensor forward(Tensor x) => probe.call(encoder.call(x));
}
