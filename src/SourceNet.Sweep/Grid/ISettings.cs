using System.Text.Json;

namespace SourceNet.Sweep.Grid;

/// <summary>What is tried, by its number from 0.</summary>
internal interface ISettings
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>A setting; null if nobody has asked for it yet, and it depends on the results until then.</summary>
    Setting? Known(int number);

    /// <summary>A setting, which has these values from now on.</summary>
    Task<Setting> TakeAsync(int number, CancellationToken cancellation);
}

/// <summary>The values of all parameters.</summary>
/// <param name="Grid">The first grid that has it; 0 for a search.</param>
/// <param name="Parameters">The values by name.</param>
internal sealed record Setting(int Grid, IReadOnlyDictionary<string, JsonElement> Parameters);
