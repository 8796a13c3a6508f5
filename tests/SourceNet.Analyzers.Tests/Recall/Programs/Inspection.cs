// A console tool: it trains nothing, reads a checkpoint and sorts parts on a conveyor belt.
using System.Diagnostics;
using System.IO;
using System.Text.Json;

return args switch
{
    ["classify", var checkpoint, .. var images] => Classify(checkpoint, images),
    ["measure", var checkpoint] => Measure(checkpoint),
    ["convert", var checkpoint, var target] => Convert(checkpoint, target),
    _ => Usage(),
};

static int Classify(string checkpoint, string[] images)
{
    using var model = Open(checkpoint, out var settings);
    using var _ = inference_mode();
    foreach (var image in images)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(File.ReadAllBytes(image)).view(1, 1, settings.Size, settings.Size).to(ScalarType.Float32).div_(255);
        var (score, index) = model.call(pixels).softmax(1).max(1);
        Console.WriteLine($"{image}\t{settings.Classes[(int)index.item<long>()]}\t{score.item<float>():P1}");
    }

    return 0;
}

static int Measure(string checkpoint)
{
    using var model = Open(checkpoint, out var settings);
    using var off = no_grad();
    using var belt = zeros(64, 1, settings.Size, settings.Size);
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < 100; i++)
    {
        using var scope = NewDisposeScope();
        var labels = model.call(belt).argmax(1);
        if (labels.data<long>().Any(label => label >= settings.Classes.Length))
        {
            return 1;
        }
    }

    Console.WriteLine($"{watch.Elapsed.TotalMilliseconds / 6400:F3} ms for each part");
    return 0;
}

static int Convert(string checkpoint, string target)
{
    using var model = Open(checkpoint, out _);
    model.to(ScalarType.Float64);
    model.save(target);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("inspect classify <checkpoint> <images> | measure <checkpoint> | convert <checkpoint> <target>");
    return 2;
}

static PartNet Open(string checkpoint, out Settings settings)
{
    settings = JsonSerializer.Deserialize<Settings>(File.ReadAllText(Path.ChangeExtension(checkpoint, ".json")))!;
    var model = new PartNet(settings.Size, settings.Classes.Length);
    model.load(checkpoint);
    model.eval();
    return model;
}

internal sealed record Settings(int Size, string[] Classes);

internal sealed class PartNet : nn.Module<Tensor, Tensor>
{
    private readonly TorchSharp.Modules.Conv2d edges;
    private readonly TorchSharp.Modules.BatchNorm2d norm;
    private readonly TorchSharp.Modules.Conv2d shapes;
    private readonly TorchSharp.Modules.Dropout2d dropout;
    private readonly Linear parts;
    private readonly long flat;

    public PartNet(int size, int classes)
        : base(nameof(PartNet))
    {
        edges = nn.Conv2d(1, 8, 3, padding: 1, bias: false);
        norm = nn.BatchNorm2d(8);
        shapes = nn.Conv2d(8, 16, 3, stride: 2, padding: 1);
        dropout = nn.Dropout2d(0.1);
        flat = 16L * ((size + 1) / 2) * ((size + 1) / 2);
        parts = nn.Linear(flat, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using (NewDisposeScope())
        {
            x = norm.call(edges.call(x)).relu();
            x = dropout.call(shapes.call(x)).relu();
            return parts.call(x.view(-1, flat)).MoveToOuterDisposeScope();
        }
    }
}
