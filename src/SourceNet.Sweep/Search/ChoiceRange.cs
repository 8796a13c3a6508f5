using System.Text.Json;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Search;

/// <summary>A list of values, of which none is nearer to one than to another.</summary>
internal sealed record ChoiceRange(IReadOnlyList<JsonElement> Values) : SearchRange
{
    public override JsonElement Draw(ref RandomStream random) => Values[random.Below(Values.Count)];

    public override IKernels Kernels(IReadOnlyList<JsonElement> observed, int parameters) => new ChoiceKernels(this, [.. observed.Select(Index)]);

    /// <summary>Which of the values it is, from 0.</summary>
    public double Place(JsonElement value) => Index(value);

    private int Index(JsonElement value) => Values.Index().First(one => PlannedTrial.Canonical(one.Item) == PlannedTrial.Canonical(value)).Index;

    /// <summary>A kernel has the probability 1/(n·c) for each of c values and 1 more for its own, divided by their sum, where n counts the kernels.</summary>
    private sealed class ChoiceKernels(ChoiceRange range, int[] observed) : IKernels
    {
        private readonly double others = 1.0 / (observed.Length + 1);

        public JsonElement Draw(int kernel, ref RandomStream random)
        {
            var place = random.Uniform() * Sum(kernel);
            for (var value = 0; value < range.Values.Count - 1; value++)
            {
                place -= Weight(kernel, value);
                if (place < 0)
                {
                    return range.Values[value];
                }
            }

            return range.Values[^1];
        }

        public double[] LogDensities(JsonElement value)
        {
            var place = range.Index(value);
            return [.. Enumerable.Range(0, observed.Length + 1).Select(kernel => Math.Log(Weight(kernel, place) / Sum(kernel)))];
        }

        private double Weight(int kernel, int value) => others + (kernel < observed.Length && observed[kernel] == value ? 1 : 0);

        private double Sum(int kernel) => (others * range.Values.Count) + (kernel < observed.Length ? 1 : 0);
    }
}
