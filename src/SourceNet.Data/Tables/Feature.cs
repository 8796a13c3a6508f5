namespace SourceNet.Data;

/// <summary>What a model sees of a column.</summary>
public abstract class Feature
{
    private protected Feature(string column)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        Column = column;
    }

    /// <summary>The name of the column.</summary>
    public string Column { get; }

    /// <summary>A number.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="missing">What stands for a missing one.</param>
    /// <param name="standardize">Whether the mean of the training rows is subtracted and the rest divided by their standard deviation, of those that are not
    /// missing.</param>
    public static Feature Number(string column, MissingValues missing = MissingValues.Fail, bool standardize = false) =>
        new NumberFeature(column, missing, standardize);

    /// <summary>
    /// One of several texts: its index among those of the training rows in ordinal order, from 1 on. 0 is everything else: what they do not have, and
    /// missing ones.
    /// </summary>
    /// <param name="column">The name of the column.</param>
    public static Feature Category(string column) => new CategoryFeature(column);
}

internal sealed class NumberFeature(string column, MissingValues missing, bool standardize) : Feature(column)
{
    internal MissingValues Missing => missing;

    internal bool Standardize => standardize;
}

internal sealed class CategoryFeature(string column) : Feature(column);
