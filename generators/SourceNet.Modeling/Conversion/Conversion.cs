namespace SourceNet.Modeling.Conversion;

/// <summary>A hand-written module as a declared model.</summary>
/// <param name="Code">The class, to stand in its place; null if there is an obstacle.</param>
/// <param name="Obstacle">Why there is no code, in words for a person.</param>
/// <param name="Notes">What a person should know of the code.</param>
public sealed record Conversion(string? Code, string? Obstacle, EquatableArray<string> Notes)
{
    internal static Conversion To(string code, IEnumerable<string> notes) => new(code, null, notes.ToEquatableArray());

    internal static Conversion Prevented(string obstacle) => new(null, obstacle, default);
}
