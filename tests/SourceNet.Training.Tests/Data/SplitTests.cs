namespace SourceNet.Training.Tests.Data;

/// <summary>Splits never leak: the parts have no sample and no group in common, and together they are all samples, whatever is split.</summary>
public class SplitTests
{
    private static readonly (double Validation, double Test)[] s_shares = [(0.1, 0.1), (0.2, 0), (0, 0.25), (0.05, 0.4), (1.0 / 3, 1.0 / 3)];

    [Fact]
    public void Parts_are_disjoint_and_whole_on_random_data()
    {
        foreach (var (classes, groups, seed) in RandomData(40))
        {
            foreach (var (validation, test) in s_shares)
            {
                AssertParts(DataSplit.Random(classes.Length, validation, test, seed), classes.Length, null);
                AssertParts(DataSplit.Stratified(classes, validation, test, seed), classes.Length, null);
                AssertParts(DataSplit.Grouped(groups, validation, test, seed), classes.Length, groups);
                AssertParts(DataSplit.StratifiedGrouped(classes, groups, validation, test, seed), classes.Length, groups);
            }
        }
    }

    [Fact]
    public void Folds_are_disjoint_and_measure_every_sample_once_on_random_data()
    {
        foreach (var (classes, groups, seed) in RandomData(40))
        {
            foreach (var folds in new[] { 2, 3, 5 })
            {
                AssertFolds(KFold.Random(classes.Length, folds, seed), folds, classes.Length, null);
                AssertFolds(KFold.Stratified(classes, folds, seed), folds, classes.Length, null);
                AssertFolds(KFold.Grouped(groups, folds, seed), folds, classes.Length, groups);
                AssertFolds(KFold.StratifiedGrouped(classes, groups, folds, seed), folds, classes.Length, groups);
            }
        }
    }

    [Fact]
    public void Stratified_folds_have_the_samples_of_each_class_within_one_and_so_are_their_sizes()
    {
        foreach (var (classes, _, seed) in RandomData(40))
        {
            var folds = KFold.Stratified(classes, 5, seed);
            foreach (var kind in classes.Distinct())
            {
                AssertWithinOne(folds.Select(fold => fold.Validation.Count(sample => classes[sample] == kind)));
            }

            AssertWithinOne(folds.Select(fold => fold.Validation.Count));
        }

        static void AssertWithinOne(IEnumerable<int> counts) => Assert.InRange(counts.Max() - counts.Min(), 0, 1);
    }

    [Fact]
    public void Stratified_parts_have_the_share_of_each_class_rounded_up_or_down()
    {
        foreach (var (classes, _, seed) in RandomData(40))
        {
            foreach (var (validation, test) in s_shares)
            {
                var split = DataSplit.Stratified(classes, validation, test, seed);
                foreach (var kind in classes.CountBy(kind => kind).Where(kind => kind.Value * Least(validation, test) >= 1))
                {
                    AssertShare(split.Train, 1 - validation - test);
                    AssertShare(split.Validation, validation);
                    AssertShare(split.Test, test);

                    void AssertShare(IReadOnlyList<int> part, double share) =>
                        Assert.InRange(part.Count(sample => classes[sample] == kind.Key) - (kind.Value * share), -1 + 1e-6, 1 - 1e-6);
                }
            }
        }

        static double Least(double validation, double test) => new[] { validation, test }.Where(share => share > 0).Min();
    }

    [Fact]
    public void A_rare_class_is_in_every_part()
    {
        string[] classes = [.. Enumerable.Repeat("common", 500), "rare", "rare", "rare"];
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var split = DataSplit.Stratified(classes, 0.1, 0.1, seed);
            Assert.All([split.Train, split.Validation, split.Test], part => Assert.Single(part, sample => classes[sample] == "rare"));
        }
    }

    [Fact]
    public void Grouped_parts_come_near_to_their_shares_and_have_groups_of_every_size()
    {
        var random = new System.Random(3);
        // 300 patients with one to twenty images.
        int[] groups = [.. Enumerable.Range(0, 300).SelectMany(group => Enumerable.Repeat(group, 1 + random.Next(20)))];
        var sizes = groups.CountBy(group => group).ToDictionary();

        var split = DataSplit.Grouped(groups, 0.2, 0.1, seed: 1);

        Assert.Equal(0.7, (double)split.Train.Count / groups.Length, 0.01);
        Assert.Equal(0.2, (double)split.Validation.Count / groups.Length, 0.01);
        Assert.Equal(0.1, (double)split.Test.Count / groups.Length, 0.01);
        Assert.All([split.Train, split.Validation, split.Test], part =>
            Assert.Equal(10.5, part.Select(sample => groups[sample]).Distinct().Average(group => sizes[group]), 2.0));
    }

    [Fact]
    public void Stratified_groups_spread_a_rare_class_where_groups_alone_do_not_look_at_it()
    {
        // Each of 60 patients has ten samples of one class; every sixth patient is ill.
        int[] groups = [.. Enumerable.Range(0, 600).Select(sample => sample / 10)];
        bool[] isIll = [.. groups.Select(group => group % 6 == 0)];
        foreach (var seed in Enumerable.Range(0, 10))
        {
            Assert.All(KFold.StratifiedGrouped(isIll, groups, 5, seed), fold => Assert.Equal(20, fold.Validation.Count(sample => isIll[sample])));
        }

        Assert.Contains(Enumerable.Range(0, 10), seed => KFold.Grouped(groups, 5, seed).Any(fold => fold.Validation.Count(sample => isIll[sample]) != 20));
    }

    [Fact]
    public void The_seed_decides()
    {
        int[] classes = [.. Enumerable.Range(0, 100).Select(sample => sample % 3)];

        Assert.Equal(DataSplit.Stratified(classes, 0.2, 0.2, 4).Test, DataSplit.Stratified(classes, 0.2, 0.2, 4).Test);
        Assert.NotEqual(DataSplit.Stratified(classes, 0.2, 0.2, 4).Test, DataSplit.Stratified(classes, 0.2, 0.2, 5).Test);
        Assert.Equal(KFold.Grouped(classes, 3, 4)[1].Validation, KFold.Grouped(classes, 3, 4)[1].Validation);
        Assert.NotEqual(KFold.Stratified(classes, 3, 4)[1].Validation, KFold.Stratified(classes, 3, 5)[1].Validation);
        // A change of these numbers changes every split that somebody wants to repeat.
        Assert.Equal([0, 6, 8], DataSplit.Random(10, 0.3, seed: 1).Validation);
    }

    [Fact]
    public void Every_sample_is_as_likely_to_be_measured_on()
    {
        var counts = new int[30];
        for (var seed = 0; seed < 4000; seed++)
        {
            foreach (var sample in DataSplit.Stratified([.. Enumerable.Range(0, 30).Select(sample => sample % 2)], 0.2, seed: seed).Validation)
            {
                counts[sample]++;
            }
        }

        Assert.All(counts, count => Assert.InRange(count, 800 - 127, 800 + 127));
    }

    [Fact]
    public void What_cannot_be_split_is_told()
    {
        Assert.Contains("found 2 of class rare", Assert.Throws<ArgumentException>(() =>
            DataSplit.Stratified(["a", "a", "a", "rare", "rare"], 0.2, 0.2)).Message);
        Assert.Contains("at least 3 groups", Assert.Throws<ArgumentException>(() => KFold.Grouped([1, 1, 2, 2], 3)).Message);
        Assert.Contains("at least 5 samples", Assert.Throws<ArgumentException>(() => KFold.Random(4, 5)).Message);
        Assert.Contains("found 0 and 0", Assert.Throws<ArgumentException>(() => DataSplit.Random(10)).Message);
        Assert.Contains("found 0.5 and 0.5", Assert.Throws<ArgumentException>(() => DataSplit.Random(10, 0.5, 0.5)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSplit.Random(10, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DataSplit.Random(10, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => KFold.Random(10, 1));
        Assert.Contains("found none", Assert.Throws<ArgumentException>(() => DataSplit.Stratified(Array.Empty<int>(), 0.1)).Message);
        Assert.Contains("each of 2 samples, found 1", Assert.Throws<ArgumentException>(() => DataSplit.StratifiedGrouped([1, 2], [1], 0.1)).Message);
        Assert.Contains("null at index 1", Assert.Throws<ArgumentException>(() => DataSplit.Grouped(["a", null!], 0.5)).Message);
    }

    /// <summary>Classes that are not balanced, each with five samples at least, and groups of one to nine samples.</summary>
    private static IEnumerable<(int[] Classes, int[] Groups, int Seed)> RandomData(int rounds)
    {
        for (var seed = 0; seed < rounds; seed++)
        {
            var random = new System.Random(seed);
            var kinds = 1 + random.Next(6);
            int[] classes = [.. Enumerable.Range(0, 5 * kinds).Select(sample => sample % kinds),
                .. Enumerable.Range(0, random.Next(200)).Select(_ => random.Next(kinds) * random.Next(2))];
            random.Shuffle(classes);
            var groups = new int[classes.Length];
            for (var (sample, group) = (0, 0); sample < groups.Length; group++)
            {
                // Five groups at least.
                for (var end = Math.Min(groups.Length, sample + 1 + random.Next(Math.Min(9, classes.Length / 5))); sample < end; sample++)
                {
                    groups[sample] = group;
                }
            }

            random.Shuffle(groups);
            yield return (classes, groups, seed);
        }
    }

    private static void AssertParts(DataSplit split, int count, int[]? groups)
    {
        Assert.NotEmpty(split.Train);
        Assert.Equal(Enumerable.Range(0, count), split.Train.Concat(split.Validation).Concat(split.Test).Order());
        if (groups is not null)
        {
            IReadOnlyList<int>[] parts = [split.Train, split.Validation, split.Test];
            Assert.Equal(groups.Distinct().Count(), parts.Sum(part => part.Select(sample => groups[sample]).Distinct().Count()));
        }
    }

    private static void AssertFolds(IReadOnlyList<Fold> folds, int count, int samples, int[]? groups)
    {
        Assert.Equal(count, folds.Count);
        Assert.Equal(Enumerable.Range(0, samples), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold =>
        {
            Assert.NotEmpty(fold.Validation);
            Assert.Equal(Enumerable.Range(0, samples), fold.Train.Concat(fold.Validation).Order());
            if (groups is not null)
            {
                Assert.Empty(fold.Train.Select(sample => groups[sample]).Intersect(fold.Validation.Select(sample => groups[sample])));
            }
        });
    }
}
