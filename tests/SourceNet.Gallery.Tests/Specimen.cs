using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Gallery;

/// <summary>A model of the gallery with its hand-written twin, data for both, and what the model's loss must be.</summary>
public sealed record Specimen(
    string Name,
    Func<Model> Model,
    Func<nn.Module<Tensor, Tensor>> Twin,
    Func<Tensor> Input,
    Func<Tensor> Target,
    Func<Tensor, Tensor, Tensor> Objective)
{
    /// <summary>The name in the twin's state dict of a name in the model's.</summary>
    public Func<string, string> NameInTwin { get; init; } = name => name;

    /// <summary>The strength of the L2 penalty on a parameter of the twin.</summary>
    public Func<string, double> Penalty { get; init; } = _ => 0;

    /// <summary>Whether the twin draws the same random numbers in train mode, or none are drawn.</summary>
    public bool IsComparableInTraining { get; init; } = true;

    /// <summary>Whether two passes in train mode give different results.</summary>
    public bool IsRandomInTraining { get; init; }

    /// <summary>Whether the constraints on the weights leave room for the loss to fall.</summary>
    public bool Learns { get; init; } = true;

    public override string ToString() => Name;
}
