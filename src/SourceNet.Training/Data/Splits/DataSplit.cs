namespace SourceNet.Training;

/// <summary>
/// The samples of a data set in parts that have none in common: what a model learns from, what it is chosen by, and what it is judged by. Together they are all
/// samples.
/// </summary>
/// <remarks>The same seed gives the same split. The indices go to <see cref="Sampler.Shuffled"/> and <see cref="Sampler.InOrder"/>.</remarks>
public sealed class DataSplit
{
    private DataSplit(int[][] parts, bool hasValidation) =>
        (Train, Validation, Test) = (parts[0], hasValidation ? parts[1] : [], parts.Length > (hasValidation ? 2 : 1) ? parts[^1] : []);

    /// <summary>The indices to learn from, ascending.</summary>
    public IReadOnlyList<int> Train { get; }

    /// <summary>The indices to choose by, ascending; none if no share was asked for.</summary>
    public IReadOnlyList<int> Validation { get; }

    /// <summary>The indices to judge by in the end, ascending; none if no share was asked for.</summary>
    public IReadOnlyList<int> Test { get; }

    /// <summary>A split without regard to classes.</summary>
    /// <param name="count">The number of samples.</param>
    /// <param name="validation">The share to choose by, in [0, 1).</param>
    /// <param name="test">The share to judge by, in [0, 1).</param>
    /// <param name="seed">What the split depends on.</param>
    /// <exception cref="ArgumentException">Shares out of range or without a rest to train on, or fewer samples than parts.</exception>
    public static DataSplit Random(int count, double validation = 0, double test = 0, long seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Of(validation, test, seed, (shares, stream) => count >= shares.Length
            ? SampleDeal.Of(Kinds.One(count), shares, stream)
            : throw new ArgumentException($"Expected at least {shares.Length} samples, one for each part, found {count}.", nameof(count)));
    }

    /// <summary>A split in which each part has the classes in the proportions of the whole.</summary>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="validation">The share to choose by, in [0, 1).</param>
    /// <param name="test">The share to judge by, in [0, 1).</param>
    /// <param name="seed">What the split depends on.</param>
    /// <remarks>
    /// The number of samples of a class in a part is its share, rounded up or down. A class with few samples has one at least in each part.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// No sample, shares out of range or without a rest to train on, or a class with fewer samples than there are parts.
    /// </exception>
    public static DataSplit Stratified<TClass>(IReadOnlyList<TClass> classes, double validation = 0, double test = 0, long seed = 0)
        where TClass : notnull
    {
        var kinds = Samples(classes, nameof(classes));
        return Of(validation, test, seed, (shares, stream) => SampleDeal.Of(kinds, shares, stream));
    }

    /// <summary>A split in which all samples of a group, such as the images of a patient, are in one part.</summary>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="validation">The share to choose by, in [0, 1).</param>
    /// <param name="test">The share to judge by, in [0, 1).</param>
    /// <param name="seed">What the split depends on.</param>
    /// <remarks>The shares are those of samples, met as well as whole groups allow; each part has at least one group.</remarks>
    /// <exception cref="ArgumentException">No sample, shares out of range or without a rest to train on, or fewer groups than parts.</exception>
    public static DataSplit Grouped<TGroup>(IReadOnlyList<TGroup> groups, double validation = 0, double test = 0, long seed = 0)
        where TGroup : notnull
    {
        var kinds = Samples(groups, nameof(groups));
        return Of(validation, test, seed, (shares, stream) => GroupDeal.Of(Kinds.One(groups.Count), kinds, shares, stream));
    }

    /// <summary>A split in which all samples of a group are in one part, and the classes are spread as well as whole groups allow.</summary>
    /// <param name="classes">The class of each sample.</param>
    /// <param name="groups">The group of each sample.</param>
    /// <param name="validation">The share to choose by, in [0, 1).</param>
    /// <param name="test">The share to judge by, in [0, 1).</param>
    /// <param name="seed">What the split depends on.</param>
    /// <exception cref="ArgumentException">
    /// No sample, not as many groups as classes, shares out of range or without a rest to train on, or fewer groups than parts.
    /// </exception>
    public static DataSplit StratifiedGrouped<TClass, TGroup>(
        IReadOnlyList<TClass> classes, IReadOnlyList<TGroup> groups, double validation = 0, double test = 0, long seed = 0)
        where TClass : notnull
        where TGroup : notnull
    {
        var (kinds, members) = Samples(classes, groups);
        return Of(validation, test, seed, (shares, stream) => GroupDeal.Of(kinds, members, shares, stream));
    }

    /// <exception cref="ArgumentException">There is none.</exception>
    internal static Kinds Samples<TKind>(IReadOnlyList<TKind> kinds, string name)
        where TKind : notnull
    {
        ArgumentNullException.ThrowIfNull(kinds, name);
        return kinds.Count > 0 ? Kinds.Of(kinds, name) : throw new ArgumentException("Expected at least one sample, found none.", name);
    }

    /// <exception cref="ArgumentException">There is none, or there are not as many groups as classes.</exception>
    internal static (Kinds Classes, Kinds Groups) Samples<TClass, TGroup>(IReadOnlyList<TClass> classes, IReadOnlyList<TGroup> groups)
        where TClass : notnull
        where TGroup : notnull
    {
        var (kinds, members) = (Samples(classes, nameof(classes)), Samples(groups, nameof(groups)));
        return classes.Count == groups.Count
            ? (kinds, members)
            : throw new ArgumentException($"Expected a group for each of {classes.Count} samples, found {groups.Count}.", nameof(groups));
    }

    private static DataSplit Of(double validation, double test, long seed, Func<double[], RandomStream, int[][]> deal)
    {
        CheckShare(validation, nameof(validation));
        CheckShare(test, nameof(test));
        if (validation + test is 0 or >= 1)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Expected shares to split off that are above 0 and below 1 together, found {validation} and {test}."),
                nameof(validation));
        }

        double[] shares = [1 - validation - test, .. new[] { validation, test }.Where(share => share > 0)];
        return new(deal(shares, new RandomKey(seed, 0, 0).Stream(RandomPurpose.Split)), hasValidation: validation > 0);
    }

    private static void CheckShare(double share, string name)
    {
        if (!(share is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, share, "A share is at least 0 and below 1.");
        }
    }
}
