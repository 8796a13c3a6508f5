using static SourceNet.ActivationKind;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

[Model, Input("dim"), WeightDecay(0.2)]
public sealed partial class Cell(long dim)
{
    [Residual, Linear(nameof(dim)), Activation(Tanh)]
    private partial Tensor Mix(Tensor x);
}

[Model, Input("dim")]
public sealed partial class Column(int dim, int cells)
{
    [Stack<Cell>("dim", Repeat = nameof(cells))]
    private partial Tensor Cells(Tensor cells_);

    [Linear("2 * dim"), Activation(GLU)]
    private partial Tensor Gate(Tensor x);
}

/// <summary>Stacks in stacks, several in a block, none at all, and a tensor with the name of its stack.</summary>
[Model, Input(6), L1(0.001)]
public sealed partial class StackOfStacks(int depth = 2)
{
    [Stack<Column>("6, index + 1", Repeat = nameof(depth)), Stack<Cell>("6", Repeat = 0)]
    private partial Tensor Columns(Tensor x);

    [Stack<Cell>("3 * 2")]
    private partial Tensor Cells(Tensor cells);

    [Linear(4), Output]
    private partial Tensor Logits(Tensor x);
}
