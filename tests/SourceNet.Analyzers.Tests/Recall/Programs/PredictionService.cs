// A service that loads a network once and answers requests.
sealed class Scorer : IDisposable
{
    private readonly Network _network = new();

    public Scorer(string path)
    {
        _network.load(path);
        _network.eval();
    }

    public float[] Score(float[] features)
    {
        using var scope = NewDisposeScope();
        using var _ = inference_mode();
        return _network.call(tensor(features).unsqueeze(0)).softmax(1).data<float>().ToArray();
    }

    public async Task<float[]> ScoreAsync(Task<float[]> features)
    {
        var values = await features;
        using var scope = NewDisposeScope();
        using var off = no_grad();
        return _network.call(tensor(values).unsqueeze(0)).softmax(1).data<float>().ToArray();
    }

    public void Dispose() => _network.Dispose();
}

sealed class Network : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Sequential layers;

    public Network()
        : base(nameof(Network))
    {
        layers = nn.Sequential(("fc1", nn.Linear(10, 32)), ("relu", nn.ReLU()), ("drop", nn.Dropout(0.3)), ("fc2", nn.Linear(32, 3)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => layers.call(input);
}

static class Tool
{
    static void Main(string[] args)
    {
        using var scorer = new Scorer(args[0]);
        Console.WriteLine(string.Join(", ", scorer.Score(new float[10])));

        using var fresh = new Network();
        fresh.load(args[0]);
        fresh.eval();
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Console.WriteLine(fresh.call(zeros(1, 10)).argmax().item<long>());
    }
}
