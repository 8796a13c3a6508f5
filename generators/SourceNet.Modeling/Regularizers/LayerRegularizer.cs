namespace SourceNet.Modeling.Regularizers;

/// <summary>A layer that regularizes: dropout, noise, a norm.</summary>
public sealed record LayerRegularizer(RegularizationKind Kind, string LayerAttribute, string? SwitchedOffBy) : Regularizer(Kind)
{
    public override string Attribute => LayerAttribute;

    public override StrengthArgument? Argument => null;

    public override string? Off => SwitchedOffBy;
}
