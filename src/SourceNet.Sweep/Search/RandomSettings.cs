using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Search;

/// <summary>Settings that are drawn, each by the seed of the search and its number alone.</summary>
internal sealed class RandomSettings(SweepFile sweep, SearchPlan search) : ISettings
{
    private readonly SearchSpace space = new(search.Space);

    public int Count => search.Trials;

    public Setting Known(int number) => Searched.Setting(sweep, space.Draw(search.Seed, number));

    public Task<Setting> TakeAsync(int number, CancellationToken cancellation) => Task.FromResult(Known(number));
}
