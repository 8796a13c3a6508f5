using System.Text.Json;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>
/// The density of good or of bad settings: a mixture with a kernel of equal weight around each, and one that stands for what was believed before.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly int count;
    private readonly (string Name, IKernels Kernels)[] parameters;

    public ParzenEstimator(SearchSpace space, IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> settings)
    {
        count = settings.Count + 1;
        parameters = [.. space.Ranges.Select(range =>
            (range.Name, range.Range.Kernels([.. settings.Select(setting => setting[range.Name])], space.Ranges.Count)))];
    }

    /// <summary>Draws a setting: all parameters of one kernel, so that what goes together stays together.</summary>
    public Dictionary<string, JsonElement> Draw(ref RandomStream random)
    {
        var kernel = random.Below(count);
        var setting = new Dictionary<string, JsonElement>();
        foreach (var (name, kernels) in parameters)
        {
            setting.Add(name, kernels.Draw(kernel, ref random));
        }

        return setting;
    }

    /// <summary>The logarithm of a setting's density.</summary>
    public double LogDensity(IReadOnlyDictionary<string, JsonElement> setting)
    {
        var logs = new double[count];
        foreach (var (name, kernels) in parameters)
        {
            var own = kernels.LogDensities(setting[name]);
            for (var kernel = 0; kernel < count; kernel++)
            {
                logs[kernel] += own[kernel];
            }
        }

        var largest = logs.Max();
        return largest + Math.Log(logs.Sum(log => Math.Exp(log - largest)) / count);
    }
}
