using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Gallery.Twins;

/// <summary>down(silu(gate(x)) · up(x)).</summary>
internal sealed class Gated : nn.Module<Tensor, Tensor>
{
    private readonly Linear gate;
    private readonly Linear up;
    private readonly Linear down;

    public Gated(long dim, long hidden) : base(nameof(Gated))
    {
        gate = nn.Linear(dim, hidden, hasBias: false);
        up = nn.Linear(dim, hidden, hasBias: false);
        down = nn.Linear(hidden, dim, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => down.call(nn.functional.silu(gate.call(input)) * up.call(input));
}
