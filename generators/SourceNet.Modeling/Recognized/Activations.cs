using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Recognized;

/// <summary>The activations by all the names that TorchSharp has for them: <c>LeakyReLU</c>, <c>leaky_relu</c>.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, ActivationKind> s_byName = Enum.GetValues(typeof(ActivationKind)).Cast<ActivationKind>()
        .Where(function => function != ActivationKind.None)
        .ToDictionary(function => function.ToString(), StringComparer.OrdinalIgnoreCase);

    public static ActivationKind? Find(string name) => s_byName.TryGetValue(name.Replace("_", ""), out var function) ? function : null;
}
