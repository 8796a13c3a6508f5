namespace SourceNet.Modeling.Graph;

/// <summary>What weights start from, as a class, a block or a layer says it.</summary>
/// <param name="Scale">The standard deviation, bound, gain or number; null where the kind has its usual one, or none.</param>
/// <param name="Mode">Which connections count, of the Kaiming kinds.</param>
/// <param name="Last">The scale of a block's last weight; null for that of the others.</param>
public sealed record Initialization(InitKind Kind, Rate? Scale, FanMode Mode, Rate? Last, Origin Origin)
{
    /// <summary>What a layer starts from that makes the logits with the same weight: their spread is then near 1 (BERT, GPT-2).</summary>
    public static Initialization OfTiedEmbedding { get; } = new(InitKind.Normal, Rate.Of(0.02), FanMode.In, null, default);
}
