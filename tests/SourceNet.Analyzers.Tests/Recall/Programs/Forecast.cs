// A recurrent network for series, with early stopping and a rate that falls when it stops getting better.
class Forecaster : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.LSTM memory;
    private readonly Linear output;

    public Forecaster(long width)
        : base(nameof(Forecaster))
    {
        memory = nn.LSTM(1, width, numLayers: 2, batchFirst: true, dropout: 0.1);
        output = nn.Linear(width, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor series)
    {
        var (states, _, _) = memory.call(series, null);
        return output.call(states[.., -1]);
    }
}

class ForecastTraining
{
    public void Run(Device device, Tensor x, Tensor y, Tensor later, Tensor truth)
    {
        using var model = new Forecaster(32);
        model.to(device);
        using var optimizer = optim.SGD(model.parameters(), 0.01, momentum: 0.9, weight_decay: 1e-4);
        var scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, 50);
        using var criterion = nn.MSELoss();
        var (best, patience) = (float.MaxValue, 5);
        for (var epoch = 0; epoch < 50 && patience > 0; epoch++)
        {
            using var scope = NewDisposeScope();
            model.train();
            optimizer.zero_grad();
            var loss = criterion.call(model.call(x), y);
            loss.backward();
            optimizer.step();
            scheduler.step();

            var error = Validate(model, later, truth);
            patience = error < best ? 5 : patience - 1;
            best = Math.Min(best, error);
        }
    }

    private static float Validate(Forecaster model, Tensor x, Tensor y)
    {
        model.eval();
        using var _ = no_grad();
        return nn.functional.mse_loss(model.call(x), y).item<float>();
    }
}
