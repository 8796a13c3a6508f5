using System.Text.Json;

namespace SourceNet.Sweep.Search;

/// <summary>What a sweep file says of a search.</summary>
internal sealed record SearchPlan
{
    public const string Random = "random";
    public const string Tpe = "tpe";

    /// <summary><c>random</c>, or <c>tpe</c>, which learns from what was tried.</summary>
    public required string Method { get; init; }

    /// <summary>The range of each parameter.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Space { get; init; }

    /// <summary>How many settings are tried.</summary>
    public required int Trials { get; init; }

    // Set, not init: the generated reader would set what the file does not name to nothing.

    /// <summary>Where the random numbers of the search start.</summary>
    public long Seed { get; set; } = 1;

    /// <summary>How many settings <c>tpe</c> draws before it learns from them.</summary>
    public int Start { get; set; } = 10;

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Mistake
    {
        get
        {
            if (Method is not (Random or Tpe))
            {
                return $"expected \"random\" or \"tpe\" as the method of the search, found "
                    + $"\"{Method}\"{(Method == "grid" ? "; a grid is a list of values in \"grids\"" : "")}";
            }

            if (Trials < 1 || Start < 1)
            {
                return $"expected at least 1 for \"trials\" and \"start\" of the search, found {Trials} and {Start}";
            }

            if (Space.Count == 0)
            {
                return "expected a parameter in the space of the search, found none";
            }

            try
            {
                _ = new SearchSpace(Space);
                return null;
            }
            catch (SweepException wrong)
            {
                return wrong.Message;
            }
        }
    }
}
