using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>A tensor that was saved by a name.</summary>
internal static class SavedTensor
{
    /// <summary>Throws if a state has no tensor of this name, or one of another type or shape.</summary>
    internal static void Check(IReadOnlyDictionary<string, Tensor> state, string name, Tensor expected)
    {
        if (!state.TryGetValue(name, out var found))
        {
            throw new ArgumentException($"The state has no '{name}'.", nameof(state));
        }

        if (found.dtype != expected.dtype || !found.shape.AsSpan().SequenceEqual(expected.shape))
        {
            throw new ArgumentException($"'{name}' must be {Text(expected)}, and is {Text(found)}.", nameof(state));
        }
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
