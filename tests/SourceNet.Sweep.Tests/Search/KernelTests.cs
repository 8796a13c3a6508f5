using System.Text.Json;
using SourceNet.Sweep.Search;
using SourceNet.Training;

namespace SourceNet.Sweep.Tests.Search;

public sealed class KernelTests
{
    [Theory]
    [InlineData(0, 1, 0.34134474606854293)]
    [InlineData(-1.5, 2.5, 0.92698279653146)]
    [InlineData(-40, 40, 1)]
    [InlineData(5, 6, 2.8566498421621e-7)]
    [InlineData(-6, -5, 2.8566498421621e-7)]
    [InlineData(10, 11, 7.619661958e-24)]
    public void Probabilities_of_the_normal_distribution_are_right_in_the_tails_too(double low, double high, double probability) =>
        Assert.Equal(1, NormalDistribution.Between(low, high) / probability, 1e-6);

    [Fact]
    public void Every_kernel_of_numbers_integrates_to_one_over_its_range()
    {
        foreach (NumericRange range in new NumericRange[] { new UniformRange(-1, 3), new LogUniformRange(1e-4, 10) })
        {
            double[] places = [range.Low, range.Low + (0.3 * (range.High - range.Low)), range.High];
            var kernels = range.Kernels([.. places.Select(range.Value)], 2);
            const int Points = 4000;
            var sums = new double[places.Length + 1];
            for (var point = 0; point < Points; point++)
            {
                var logs = kernels.LogDensities(range.Value(range.Low + ((range.High - range.Low) * (point + 0.5) / Points)));
                foreach (var (kernel, log) in logs.Index())
                {
                    sums[kernel] += Math.Exp(log) * (range.High - range.Low) / Points;
                }
            }

            Assert.All(sums, sum => Assert.Equal(1, sum, 1e-4));
        }
    }

    [Fact]
    public void A_kernel_of_a_list_prefers_its_own_value_and_the_last_none()
    {
        var kernels = Choices().Kernels([Json("\"a\"")], 1);
        var densities = Values().Select(kernels.LogDensities).ToList();

        // Two kernels: 1/2 for each of three values, and 1 more for its own, of 2.5.
        Assert.Equal([1.5 / 2.5, 0.5 / 2.5, 0.5 / 2.5], densities.Select(logs => Math.Exp(logs[0])), IsNear);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], densities.Select(logs => Math.Exp(logs[1])), IsNear);

        static bool IsNear(double one, double other) => Math.Abs(one - other) < 1e-12;
    }

    [Fact]
    public void Every_kernel_of_steps_and_of_lists_sums_to_one_and_is_what_is_drawn()
    {
        var steps = new SteppedRange(2, 3, 6);
        Check(steps, [.. Enumerable.Range(0, 7).Select(step => steps.Value(step))]);
        Check(Choices(), Values());

        static void Check(SearchRange range, JsonElement[] values)
        {
            var kernels = range.Kernels([values[0], values[2]], 1);
            const int Draws = 20_000;
            for (var kernel = 0; kernel < 3; kernel++)
            {
                var probabilities = values.Select(value => Math.Exp(kernels.LogDensities(value)[kernel])).ToArray();
                Assert.Equal(1, probabilities.Sum(), 1e-6);
                var counts = new Dictionary<string, int>();
                var random = new RandomStream(7);
                for (var draw = 0; draw < Draws; draw++)
                {
                    var text = kernels.Draw(kernel, ref random).GetRawText();
                    counts[text] = counts.GetValueOrDefault(text) + 1;
                }

                foreach (var (value, probability) in values.Zip(probabilities))
                {
                    // Four standard deviations of a count.
                    var deviation = Math.Sqrt(Draws * probability * (1 - probability));
                    Assert.InRange(
                        counts.GetValueOrDefault(value.GetRawText()),
                        (Draws * probability) - (4 * deviation) - 1,
                        (Draws * probability) + (4 * deviation) + 1);
                }
            }
        }
    }

    private static ChoiceRange Choices() => new(Values());

    private static JsonElement[] Values() => [Json("\"a\""), Json("true"), Json("1.5")];

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
