namespace SourceNet.Modeling.Regularizers;

/// <summary>All that the compiler's components know of one regularizer. What a new one lacks, the C# compiler names.</summary>
public abstract record Regularizer(RegularizationKind Kind)
{
    /// <summary>The attribute that declares it, without its suffix: <c>WeightDecay</c>.</summary>
    public virtual string Attribute => Kind.ToString();

    /// <summary>Where it acts.</summary>
    public RegularizationPlace Place => Kind.Place();

    /// <summary>How its attribute says its strength; null of a layer, whose reader knows.</summary>
    public abstract StrengthArgument? Argument { get; }

    /// <summary>What a block says to switch its class's default off: <c>WeightDecay(0)</c>; null if it is no default that a block can switch off.</summary>
    public abstract string? Off { get; }
}
