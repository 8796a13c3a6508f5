using static SourceNet.ActivationKind;
using static SourceNet.NormKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A model that a stack joins to the next one: it ends with a sum and begins with a norm. Others may derive from it.</summary>
[Model, Input("T", "dim")]
public partial class OpenBlock(int dim, double rate = 0.2)
{
    [Residual, Norm(Layer), Activation(SiLU), Linear(nameof(dim)), DropPath(nameof(rate))]
    public partial Tensor Mix(Tensor x);

    [Residual, Norm(RMS), Linear(nameof(dim)), Dropout(nameof(rate))]
    public partial Tensor Feed(Tensor x);
}

/// <summary>The blocks of <see cref="OpenBlock"/>, each called for its tensor.</summary>
[Model, Input("T", 5)]
public sealed partial class OpenBlockApart
{
    [Residual, Norm(Layer), Activation(SiLU), Linear(5), DropPath(0.2)]
    public partial Tensor Mix(Tensor x);

    [Residual, Norm(RMS), Linear(5), Dropout(0.2)]
    public partial Tensor Feed(Tensor x);

    public override Tensor forward(Tensor input)
    {
        using var mixed = Mix(input);
        return Feed(mixed);
    }
}

/// <summary>Sums that go into a stack, through it and out of it.</summary>
[Model, Input("T", 6)]
public sealed partial class SumStack(int depth = 3)
{
    [Residual, Linear(6)]
    public partial Tensor Before(Tensor x);

    [Stack<OpenBlock>("6", Repeat = nameof(depth))]
    public partial Tensor Blocks(Tensor x);

    [Norm(RMS), GlobalAveragePool, Linear(3), Output]
    public partial Tensor Logits(Tensor x);
}
