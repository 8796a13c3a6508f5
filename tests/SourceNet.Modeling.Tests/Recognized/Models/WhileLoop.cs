public sealed class Refiner : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.GRUCell cell = nn.GRUCell(8, 8);
    private readonly TorchSharp.Modules.Linear output = nn.Linear(8, 1);

    public Refiner()
        : base("refiner") => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var steps = (int)x.shape[1];
        var hidden = zeros(x.shape[0], 8);
        var i = 0;
        while (i < steps)
        {
            hidden = cell.call(x.select(1, i), hidden);
            i++;
        }

        return output.call(hidden);
    }
}
