namespace SourceNet.Data;

/// <summary>A number with what was learned of it on the training rows.</summary>
/// <param name="Feature">What was asked for.</param>
/// <param name="Replacement">What stands for a missing one.</param>
/// <param name="Mean">What is subtracted.</param>
/// <param name="Deviation">What the rest is divided by.</param>
internal sealed record FittedNumber(NumberFeature Feature, double Replacement, double Mean, double Deviation)
{
    /// <summary>The names of the features that it makes.</summary>
    internal IEnumerable<string> Names => Feature.Missing == MissingValues.Indicator ? [Feature.Column, $"{Feature.Column} is missing"] : [Feature.Column];

    /// <exception cref="InvalidDataException">A cell is no number, one is missing that must not be, or all are.</exception>
    internal static FittedNumber Fit(Table table, IReadOnlyList<int> rows, NumberFeature feature)
    {
        var column = table.Column(feature.Column);
        double[] known = [.. rows.Where(row => !column.IsMissing(row)).Select(row => table.Number(column, row))];
        if (known.Length == 0)
        {
            throw new InvalidDataException($"{table.Source}, column '{feature.Column}': expected a number in the training rows, found none");
        }

        var mean = known.Average();
        var deviation = Math.Sqrt(known.Average(value => (value - mean) * (value - mean)));
        var replacement = feature.Missing == MissingValues.Median ? Median(known) : mean;
        // A column of one value says nothing: divided by 1 it is 0.
        return new(feature, replacement, feature.Standardize ? mean : 0, feature.Standardize && deviation > 0 ? deviation : 1);
    }

    /// <summary>The features of a row.</summary>
    /// <exception cref="InvalidDataException">A cell is no number, or one is missing that must not be.</exception>
    internal IEnumerable<float> Of(Table table, int row)
    {
        var column = table.Column(Feature.Column);
        var isMissing = column.IsMissing(row);
        if (isMissing && Feature.Missing == MissingValues.Fail)
        {
            throw table.Wrong(Feature.Column, row, "a number", "nothing; MissingValues says what stands for it");
        }

        yield return (float)(((isMissing ? Replacement : table.Number(column, row)) - Mean) / Deviation);
        if (Feature.Missing == MissingValues.Indicator)
        {
            yield return isMissing ? 1 : 0;
        }
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
