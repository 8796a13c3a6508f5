namespace SourceNet.Training;

/// <summary>
/// Cross-validation: k splits of a data set, such that every sample is measured on once and learned from k − 1 times. The same seed gives the same folds.
/// </summary>
public static class KFold
{
    /// <summary>Folds without regard to classes; their sizes differ by one at most.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <param name="seed">What the folds depend on.</param>
    /// <exception cref="ArgumentException">Fewer than two folds, or fewer samples than folds.</exception>
    public static IReadOnlyList<Fold> Random(int count, int folds, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Of(count, folds, seed, (shares, stream) => count >= folds
            ? SampleDeal.Of(Kinds.One(count), shares, stream)
            : throw new ArgumentException($"Expected at least {folds} samples, one for each fold, found {count}.", nameof(count)));
    }

    /// <summary>Folds with the classes in the proportions of the whole: the numbers of a class in two folds differ by one at most, and so do the
    /// sizes.</summary>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <param name="seed">What the folds depend on.</param>
    /// <exception cref="ArgumentException">No sample, fewer than two folds, or a class with fewer samples than folds.</exception>
    public static IReadOnlyList<Fold> Stratified<TClass>(IReadOnlyList<TClass> classes, int folds, long seed = 0)
        where TClass : notnull
    {
        var kinds = DataSplit.Samples(classes, nameof(classes));
        return Of(classes.Count, folds, seed, (shares, stream) => SampleDeal.Of(kinds, shares, stream));
    }

    /// <summary>Folds in which all samples of a group, such as the images of a patient, are in one: none is learned from and measured on.</summary>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <param name="seed">What the folds depend on.</param>
    /// <exception cref="ArgumentException">No sample, fewer than two folds, or fewer groups than folds.</exception>
    public static IReadOnlyList<Fold> Grouped<TGroup>(IReadOnlyList<TGroup> groups, int folds, long seed = 0)
        where TGroup : notnull
    {
        var kinds = DataSplit.Samples(groups, nameof(groups));
        return Of(groups.Count, folds, seed, (shares, stream) => GroupDeal.Of(Kinds.One(groups.Count), kinds, shares, stream));
    }

    /// <summary>Folds in which all samples of a group are in one, with the classes spread as well as whole groups allow.</summary>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="folds">k, at least 2.</param>
    /// <param name="seed">What the folds depend on.</param>
    /// <exception cref="ArgumentException">No sample, not as many groups as classes, fewer than two folds, or fewer groups than folds.</exception>
    public static IReadOnlyList<Fold> StratifiedGrouped<TClass, TGroup>(IReadOnlyList<TClass> classes, IReadOnlyList<TGroup> groups, int folds, long seed = 0)
        where TClass : notnull
        where TGroup : notnull
    {
        var (kinds, members) = DataSplit.Samples(classes, groups);
        return Of(classes.Count, folds, seed, (shares, stream) => GroupDeal.Of(kinds, members, shares, stream));
    }

    private static IReadOnlyList<Fold> Of(int count, int folds, long seed, Func<double[], RandomStream, int[][]> deal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        double[] shares = [.. Enumerable.Repeat(1.0 / folds, folds)];
        var parts = deal(shares, new RandomKey(seed, 0, 0).Stream(RandomPurpose.Split));
        return [.. parts.Select(part => new Fold(Rest(part, count), part))];
    }

    private static int[] Rest(int[] part, int count)
    {
        var isPart = new bool[count];
        foreach (var sample in part)
        {
            isPart[sample] = true;
        }

        return [.. Enumerable.Range(0, count).Where(sample => !isPart[sample])];
    }
}
