using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training.Tests;

/// <summary>Small networks with known weights.</summary>
internal static class Networks
{
    /// <summary>Linear 3 → 4, batch norm, ReLU, dropout, linear 4 → 2.</summary>
    internal static nn.Module<Tensor, Tensor> WithBatchNorm(long seed = 1)
    {
        using var generator = random.manual_seed(seed);
        return nn.Sequential(("in", nn.Linear(3, 4)), ("norm", nn.BatchNorm1d(4)), ("relu", nn.ReLU()), ("dropout", nn.Dropout(0.5)), ("out", nn.Linear(4, 2)));
    }

    /// <summary>Moves every weight by normal noise, as a step of an optimizer would.</summary>
    internal static void Shake(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        foreach (var parameter in model.parameters())
        {
            parameter.add_(randn_like(parameter));
        }
    }

    internal static Dictionary<string, double[]> Values(IEnumerable<KeyValuePair<string, Tensor>> state) =>
        state.ToDictionary(pair => pair.Key, pair => Values(pair.Value));

    internal static double[] Values(Tensor tensor)
    {
        using var wide = tensor.detach().to(ScalarType.Float64).contiguous();
        return wide.data<double>().ToArray();
    }
}
