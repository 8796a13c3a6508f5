using System.Text.Json;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization"): settings are likelier to improve where the
/// density of good ones is high and that of bad ones is low. Over all parameters together (Falkner et al. 2018, as Optuna's <c>multivariate=True</c>), with
/// Optuna's numbers: the good are the best tenth, at most 25; the best of 24 candidates is taken; what was believed before weighs as much as one setting.
/// </summary>
internal static class TreeParzen
{
    private const int Candidates = 24;

    /// <summary>How often a setting that nobody has tried is looked for where all candidates are known.</summary>
    private const int Attempts = 100;

    /// <summary>Proposes the next setting.</summary>
    /// <param name="space">Where to search.</param>
    /// <param name="observed">
    /// What was tried. What has no value, or NaN, counts as bad: what failed, and what still runs, so that trials side by side do not all try the same.
    /// </param>
    /// <param name="maximize">Whether more is better.</param>
    /// <param name="random">Random numbers of this proposal.</param>
    public static IReadOnlyDictionary<string, JsonElement> Propose(SearchSpace space, IReadOnlyList<Observation> observed, bool maximize, RandomStream random)
    {
        var ranked = Standing.BestFirst(observed, one => one.Standing, maximize).Select(one => one.Setting).ToList();
        var good = (int)Math.Min(25, Math.Ceiling(0.1 * observed.Count(one => one.Standing.IsNumber)));
        var (likely, unlikely) = (new ParzenEstimator(space, ranked[..good]), new ParzenEstimator(space, ranked[good..]));
        var candidates = new List<Dictionary<string, JsonElement>>();
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            candidates.Add(likely.Draw(ref random));
        }

        var known = observed.Select(one => space.Text(one.Setting)).ToHashSet(StringComparer.Ordinal);
        var best = candidates.OrderByDescending(setting => likely.LogDensity(setting) - unlikely.LogDensity(setting)).ToList();
        if (best.Find(IsNew) is { } proposed)
        {
            return proposed;
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var any = new ParzenEstimator(space, []).Draw(ref random);
            if (IsNew(any))
            {
                return any;
            }
        }

        return best[0];

        bool IsNew(Dictionary<string, JsonElement> setting) => !known.Contains(space.Text(setting));
    }
}
