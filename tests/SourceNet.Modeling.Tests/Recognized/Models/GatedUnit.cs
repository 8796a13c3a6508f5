public sealed class SwiGlu : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Linear gate, up, down;

    public SwiGlu(int dim, int hidden)
        : base("swiglu")
    {
        gate = nn.Linear(dim, hidden, hasBias: false);
        up = nn.Linear(dim, hidden, hasBias: false);
        down = nn.Linear(hidden, dim, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => down.call(nn.functional.silu(gate.call(x)) * up.call(x));
}
