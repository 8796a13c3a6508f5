using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SourceNet.Benchmarks.HandWritten;

/// <summary>Fully connected layers, each hidden one with the tail that it is given.</summary>
internal static class Mlp
{
    internal static Sequential Of(long[] sizes, Func<long, IEnumerable<(string Name, Module<Tensor, Tensor> Layer)>> tail)
    {
        List<(string, Module<Tensor, Tensor>)> layers = [];
        for (var i = 1; i < sizes.Length; i++)
        {
            layers.Add(($"linear{i}", Linear(sizes[i - 1], sizes[i])));
            if (i < sizes.Length - 1)
            {
                layers.AddRange(tail(sizes[i]).Select(layer => ($"{layer.Name}{i}", layer.Layer)));
            }
        }

        return Sequential(layers);
    }
}
