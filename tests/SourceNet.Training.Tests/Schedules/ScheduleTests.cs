namespace SourceNet.Training.Tests.Schedules;

public class ScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 0.55)]
    [InlineData(1, 0.1)]
    [InlineData(0.25, 0.1 + (0.9 * 0.8535533905932737))]
    public void A_cosine_falls_from_1(double progress, double expected) => Assert.Equal(expected, Schedule.Cosine(0.1).At(progress), 12);

    [Theory]
    [InlineData(0.29, 1)]
    [InlineData(0.3, 0.1)]
    [InlineData(0.7, 0.01)]
    [InlineData(1, 0.01)]
    public void Steps_fall_at_once(double progress, double expected) => Assert.Equal(expected, Schedule.Steps(0.1, 0.3, 0.6).At(progress), 12);

    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(0.15, 0.52)]
    [InlineData(0.3, 1)]
    [InlineData(0.65, 0.500002)]
    [InlineData(1, 4e-6)]
    public void One_cycle_rises_and_falls(double progress, double expected) => Assert.Equal(expected, Schedule.OneCycle().At(progress), 9);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.1, 0.5)]
    [InlineData(0.2, 1)]
    [InlineData(0.6, 0.5)]
    [InlineData(1, 0)]
    public void A_warm_up_comes_before_another(double progress, double expected) =>
        Assert.Equal(expected, Schedule.WarmUp(0.2, Schedule.Cosine()).At(progress), 12);

    /// <summary>PyTorch's rule, step by step: the place in the cycle rises by one, and begins anew at its length, which grows.</summary>
    [Theory]
    [InlineData(1, 1, 30)]
    [InlineData(3, 1, 30)]
    [InlineData(3, 2, 70)]
    [InlineData(2, 3, 40)]
    public void Cosines_with_restarts_are_those_of_PyTorch(int cycles, double growth, int steps)
    {
        var schedule = Schedule.CosineRestarts(cycles, growth, 0.1);
        var length = steps * 1.0 / Enumerable.Range(0, cycles).Sum(cycle => Math.Pow(growth, cycle));
        var (place, restarts) = (0, 0);
        for (var step = 0; step < steps; step++)
        {
            if (place >= length)
            {
                (place, length, restarts) = (0, length * growth, restarts + 1);
            }

            var expected = 0.1 + (0.9 * (1 + Math.Cos(Math.PI * place / length)) / 2);
            // The beginning of a step, but for rounding at the border of two cycles.
            Assert.Equal(expected, schedule.At((step + 1e-9) / steps), 1e-7);
            place++;
        }

        Assert.Equal((cycles - 1, 0.1), (restarts, schedule.At(1)));
    }

    [Fact]
    public void A_schedule_says_what_it_is()
    {
        Assert.Equal("3 cosines to 0.01, each 2 times as long", Schedule.CosineRestarts(3, 2, 0.01).Name);
        Assert.Equal("constant", Schedule.Constant.Name);
        Assert.Equal("cosine to 0.01 after a warm-up of 0.05", Schedule.WarmUp(0.05, Schedule.Cosine(0.01)).Name);
        Assert.Equal("times 0.1 at 0.5, 0.75", Schedule.Steps(0.1, 0.5, 0.75).Name);
        Assert.Equal("one cycle, rising for 0.3", Schedule.OneCycle().Name);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Cosine(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Steps(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Steps(0.5, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.OneCycle(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.WarmUp(1, Schedule.Constant));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.Constant.At(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.CosineRestarts(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.CosineRestarts(2, 0.5));
    }
}
