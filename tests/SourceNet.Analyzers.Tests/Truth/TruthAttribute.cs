namespace SourceNet.Analyzers.Tests.Truth;

/// <summary>A test that runs TorchSharp and shows the damage that a rule warns of.</summary>
/// <param name="id">The rule.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class TruthAttribute(string id) : Attribute
{
    public string Id { get; } = id;
}
