namespace SourceNet.Modeling.Graph;

/// <summary>What <c>[Objective]</c> says beside its kind. What it leaves out is null.</summary>
public sealed record ObjectiveSettings
{
    /// <summary>Nothing but the kind.</summary>
    public static ObjectiveSettings None { get; } = new();

    /// <summary>The class index that does not count.</summary>
    public long? IgnoreIndex { get; init; }

    /// <summary>How much each class counts.</summary>
    public ClassWeights? ClassWeights { get; init; }

    /// <summary>How much a target of 1 counts beside one of 0.</summary>
    public Rate? PositiveWeight { get; init; }

    /// <summary>γ of the focal loss.</summary>
    public Rate? Gamma { get; init; }
}

/// <summary>Weights of classes: numbers, or a constructor parameter.</summary>
/// <param name="Numbers">The numbers; none where a parameter has them.</param>
/// <param name="Parameter">The parameter, as C# names it; null where numbers are written out.</param>
public sealed record ClassWeights(EquatableArray<double> Numbers, string? Parameter, Origin Origin);
