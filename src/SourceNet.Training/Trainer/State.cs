using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>State dicts that are copied.</summary>
internal static class State
{
    /// <summary>A copy that nothing else changes; the caller disposes it.</summary>
    internal static Dictionary<string, Tensor> Clone(nn.Module model)
    {
        using var noGradient = no_grad();
        return model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone().DetachFromDisposeScope());
    }

    /// <summary>Writes values into a model that has all these names, in place.</summary>
    internal static void Copy(IEnumerable<KeyValuePair<string, Tensor>> values, nn.Module model)
    {
        using var noGradient = no_grad();
        var state = model.state_dict();
        foreach (var (name, value) in values)
        {
            state[name].copy_(value);
        }
    }

    internal static IEnumerable<KeyValuePair<string, Tensor>> Without(IEnumerable<KeyValuePair<string, Tensor>> values, string name) =>
        values.Where(pair => pair.Key != name);

    internal static void Dispose(Dictionary<string, Tensor>? values)
    {
        foreach (var value in values?.Values ?? Enumerable.Empty<Tensor>())
        {
            value.Dispose();
        }
    }
}
