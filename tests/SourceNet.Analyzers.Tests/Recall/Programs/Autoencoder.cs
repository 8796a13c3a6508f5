// A variational autoencoder with a mean of the loss for each epoch.
sealed class Variational : nn.Module<Tensor, (Tensor Image, Tensor Mean, Tensor LogVariance)>
{
    private readonly Linear encode;
    private readonly Linear mean;
    private readonly Linear logVariance;
    private readonly TorchSharp.Modules.Sequential decode;

    public Variational()
        : base(nameof(Variational))
    {
        encode = nn.Linear(784, 128);
        mean = nn.Linear(128, 8);
        logVariance = nn.Linear(128, 8);
        decode = nn.Sequential(nn.Linear(8, 128), nn.ReLU(), nn.Dropout(0.1), nn.Linear(128, 784));
        RegisterComponents();
    }

    public override (Tensor Image, Tensor Mean, Tensor LogVariance) forward(Tensor input)
    {
        var hidden = encode.call(input).relu();
        var (center, spread) = (mean.call(hidden), logVariance.call(hidden));
        var code = training ? center + (0.5 * spread).exp() * randn_like(spread) : center;
        return (decode.call(code), center, spread);
    }
}

class VariationalTraining
{
    public void Run(Device device, Func<IEnumerable<Tensor>> images)
    {
        using var model = new Variational();
        model.to(device);
        using var optimizer = optim.AdamW(model.parameters(), 1e-3, weight_decay: 1e-5);
        for (var epoch = 0; epoch < 5; epoch++)
        {
            model.train();
            var (total, batches) = (0f, 0);
            foreach (var image in images())
            {
                using var scope = NewDisposeScope();
                optimizer.zero_grad();
                var (again, center, spread) = model.call(image);
                var loss = nn.functional.binary_cross_entropy_with_logits(again, image) - 0.5 * (1 + spread - center.pow(2) - spread.exp()).mean();
                loss.backward();
                optimizer.step();
                total += loss.item<float>();
                batches++;
            }

            Console.WriteLine(total / batches);
            model.eval();
            using var off = no_grad();
            foreach (var image in images())
            {
                using var scope = NewDisposeScope();
                Console.WriteLine(model.call(image).Mean.mean().item<float>());
                break;
            }
        }
    }
}
