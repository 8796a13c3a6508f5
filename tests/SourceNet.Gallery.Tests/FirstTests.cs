using SourceNet.Gallery;
using TorchSharp;
using Xunit.Abstractions;

namespace SourceNet.Tests;

public class FirstTests(ITestOutputHelper output)
{
    [Fact]
    public void Cnn_trains_a_step()
    {
        using var model = new SimpleCnn();
        var optimizer = model.CreateOptimizer(1e-3);
        using var x = torch.randn(4, 3, 32, 32);
        using var y = torch.randint(0, 10, [4], torch.int64);
        var losses = new List<float>();
        for (var i = 0; i < 5; i++)
        {
            using var loss = model.Loss(model.call(x), y);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        output.WriteLine(string.Join(" ", losses));
        output.WriteLine(model.Summary().ToString());
        output.WriteLine(SimpleCnn.Plan.ToString());
        Assert.True(losses[^1] < losses[0]);
    }

    [Fact]
    public void Gpt_trains_a_step()
    {
        using var model = new TinyGpt(50);
        var optimizer = model.CreateOptimizer(1e-3);
        using var x = torch.randint(0, 50, [4, 16], torch.int64);
        var losses = new List<float>();
        for (var i = 0; i < 5; i++)
        {
            using var loss = model.Loss(model.call(x), x);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            losses.Add(loss.item<float>());
        }

        output.WriteLine(string.Join(" ", losses));
        output.WriteLine(model.Summary().ToString());
        output.WriteLine(TinyGpt.Plan.ToString());
        foreach (var group in model.ParameterGroups()) output.WriteLine($"{group.Name} {group.Parameters.Count} {group.Regularization}");
        Assert.True(losses[^1] < losses[0]);
    }
}
