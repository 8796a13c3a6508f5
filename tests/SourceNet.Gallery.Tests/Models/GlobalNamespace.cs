using SourceNet;
using static SourceNet.ActivationKind;
using static TorchSharp.torch;

/// <summary>A model in no namespace, whose author states the base and an interface.</summary>
[Model, Input(6), L1(0.1), UnitNorm]
internal sealed partial class GlobalNamespace : Model, IEquatable<GlobalNamespace>
{
    [Linear(5), Activation(Tanh)]
    private partial Tensor Hidden(Tensor x);

    [Linear(2), Output]
    private partial Tensor Logits(Tensor x);

    public bool Equals(GlobalNamespace? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => Equals(obj as GlobalNamespace);

    public override int GetHashCode() => 0;
}
