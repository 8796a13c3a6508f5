using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>Residual sums that one kernel computes together with what the next block begins with, and those that stay by themselves.</summary>
[Model, Input(6, 8, 8)]
public sealed partial class SumZoo
{
    [Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch)]
    public partial Tensor Stem(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch)]
    public partial Tensor Plain(Tensor x);

    [Activation(ReLU)]
    public partial Tensor After(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), DropPath(0.2)]
    public partial Tensor Skipped(Tensor input);

    [Residual, Activation(SiLU), Dropout(0.1), Conv2d(6, Kernel = 1), DropPath(0.3)]
    public partial Tensor Activated(Tensor x);

    [Residual, Norm(RMS), Activation(ReLU), Dropout(0.2), Conv2d(6, Kernel = 1)]
    public partial Tensor Normalized(Tensor x);

    [Residual, Conv2d(6, Kernel = 1), DropPath(0.1)]
    public partial Tensor Product(Tensor sum);

    [Residual, Norm(Layer)]
    public partial Tensor Centered(Tensor x);

    [GlobalAveragePool]
    public partial Tensor Pool(Tensor x);

    [Residual, Dropout(0)]
    public partial Tensor Twice(Tensor x);

    [Norm(Layer), Activation(GELU), Dropout(0.2), Linear(4), Output]
    public partial Tensor Logits(Tensor x);
}

/// <summary>The blocks of <see cref="SumZoo"/>, each called for its tensor: no sum is left open.</summary>
[Model, Input(6, 8, 8)]
public sealed partial class SumZooApart
{
    [Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch)]
    public partial Tensor Stem(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), Activation(ReLU), Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch)]
    public partial Tensor Plain(Tensor x);

    [Activation(ReLU)]
    public partial Tensor After(Tensor x);

    [Residual, Conv2d(6, Kernel = 3, Padding = 1), Norm(Batch), DropPath(0.2)]
    public partial Tensor Skipped(Tensor input);

    [Residual, Activation(SiLU), Dropout(0.1), Conv2d(6, Kernel = 1), DropPath(0.3)]
    public partial Tensor Activated(Tensor x);

    [Residual, Norm(RMS), Activation(ReLU), Dropout(0.2), Conv2d(6, Kernel = 1)]
    public partial Tensor Normalized(Tensor x);

    [Residual, Conv2d(6, Kernel = 1), DropPath(0.1)]
    public partial Tensor Product(Tensor sum);

    [Residual, Norm(Layer)]
    public partial Tensor Centered(Tensor x);

    [GlobalAveragePool]
    public partial Tensor Pool(Tensor x);

    [Residual, Dropout(0)]
    public partial Tensor Twice(Tensor x);

    [Norm(Layer), Activation(GELU), Dropout(0.2), Linear(4), Output]
    public partial Tensor Logits(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var stem = Stem(input);
        using var plain = Plain(stem);
        using var after = After(plain);
        using var skipped = Skipped(after);
        using var activated = Activated(skipped);
        using var normalized = Normalized(activated);
        using var product = Product(normalized);
        using var centered = Centered(product);
        using var pool = Pool(centered);
        using var twice = Twice(pool);
        return Logits(twice);
    }
}
