using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Gallery.Twins;

/// <summary>A column of one cell, a column of two, a cell, and a linear layer.</summary>
internal sealed class StackOfStacksTwin : Module<Tensor, Tensor>
{
    private readonly Linear first_cell = Linear(6, 6);
    private readonly Linear first_gate = Linear(6, 12);
    private readonly Linear second_cell0 = Linear(6, 6);
    private readonly Linear second_cell1 = Linear(6, 6);
    private readonly Linear second_gate = Linear(6, 12);
    private readonly Linear last_cell = Linear(6, 6);
    private readonly Linear logits = Linear(6, 4);

    public StackOfStacksTwin() : base(nameof(StackOfStacksTwin)) => RegisterComponents();

    /// <summary>The name that a parameter of the declared model has here.</summary>
    public static string NameOf(string name) => name
        .Replace("columns.stack1.0.cells.0.mix.linear", "first_cell").Replace("columns.stack1.0.gate.linear", "first_gate")
        .Replace("columns.stack1.1.cells.0.mix.linear", "second_cell0").Replace("columns.stack1.1.cells.1.mix.linear", "second_cell1")
        .Replace("columns.stack1.1.gate.linear", "second_gate")
        .Replace("cells.0.mix.linear", "last_cell").Replace("logits.linear", "logits");

    public override Tensor forward(Tensor input)
    {
        var x = functional.glu(first_gate.call(Through(first_cell, input)));
        x = functional.glu(second_gate.call(Through(second_cell1, Through(second_cell0, x))));
        return logits.call(Through(last_cell, x));
    }

    private static Tensor Through(Linear cell, Tensor x) => x + cell.call(x).tanh();
}
