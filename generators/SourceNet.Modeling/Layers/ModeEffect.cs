using SourceNet.Modeling.Graph;

namespace SourceNet.Modeling.Layers;

/// <summary>Whether a layer does something else in train than in eval mode.</summary>
/// <param name="Differs">Null if that is not known.</param>
/// <param name="What">What differs, in words: <c>dropout still drops</c>. Empty where nothing does, or it is not known.</param>
public readonly record struct ModeEffect(bool? Differs, string What)
{
    public static ModeEffect Same => new(false, "");

    public static ModeEffect Unknown => new(null, "");

    public static ModeEffect Of(string what) => new(true, what);

    /// <summary>Of all parts of a whole: what differs in one differs in it, and what is not known in one is not known of it.</summary>
    public static ModeEffect All(IEnumerable<ModeEffect> parts)
    {
        var all = parts.ToList();
        var words = all.Where(part => part.Differs == true).Select(part => part.What).Distinct().ToList();
        return words.Count > 0 ? Of(string.Join(", and ", words)) : all.Any(part => part.Differs is null) ? Unknown : Same;
    }

    /// <summary>Of what a rate of 0 switches off.</summary>
    public static ModeEffect OfRate(Rate rate, string what) => rate.IsZero ? Same : Of(what);
}
