namespace SourceNet.Modeling.Conversion;

/// <summary>A hand-written module as a declared model.</summary>
/// <param name="Code">The class, to stand in its place; null if there is an obstacle.</param>
/// <param name="Obstacle">Why there is no code, in words for a person.</param>
public sealed record Conversion(string? Code, string? Obstacle)
{
    internal static Conversion To(string code) => new(code, null);

    internal static Conversion Prevented(string obstacle) => new(null, obstacle);
}
