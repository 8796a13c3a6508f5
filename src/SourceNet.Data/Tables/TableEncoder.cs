using SourceNet.Training;

namespace SourceNet.Data;

/// <summary>
/// Turns rows of a table into what a model takes. What it has to know (means, medians, deviations, the texts of a column, the classes) it learns of the
/// training rows alone, so that nothing of the others leaks into the training.
/// </summary>
public sealed class TableEncoder
{
    private readonly FittedNumber[] numbers;
    private readonly (string Column, Dictionary<string, int> Indices)[] categories;
    private readonly Target target;
    private readonly Dictionary<string, int> classes;

    private TableEncoder(FittedNumber[] numbers, (string, Dictionary<string, int>)[] categories, Target target, Dictionary<string, int> classes) =>
        (this.numbers, this.categories, this.target, this.classes) = (numbers, categories, target, classes);

    /// <summary>The names of the numeric features, in the order of <see cref="EncodedTable.Features"/>.</summary>
    public IReadOnlyList<string> FeatureNames => [.. numbers.SelectMany(number => number.Names)];

    /// <summary>How many indices each column of <see cref="EncodedTable.Categories"/> has: the texts of the training rows, and 0 for everything else.</summary>
    public IReadOnlyList<int> CategoryCounts => [.. categories.Select(category => category.Indices.Count + 1)];

    /// <summary>The names of the classes, in the order of their indices; none if the target is a number.</summary>
    public IReadOnlyList<string> ClassNames => [.. classes.OrderBy(pair => pair.Value).Select(pair => pair.Key)];

    /// <summary>Learns of the training rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The training rows, such as <see cref="DataSplit.Train"/>.</param>
    /// <param name="features">What the model sees, in this order.</param>
    /// <param name="target">What it shall make of it.</param>
    /// <exception cref="ArgumentException">No row or no feature, a row that is not in the table, a column twice.</exception>
    /// <exception cref="InvalidDataException">A column that is not there, or a cell that is not what it should be; the message has file, line and
    /// column.</exception>
    public static TableEncoder Fit(Table table, IReadOnlyList<int> rows, IReadOnlyList<Feature> features, Target target)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(target);
        CheckRows(table, rows);
        if (features.Count == 0)
        {
            throw new ArgumentException("Expected at least one feature, found none.", nameof(features));
        }

        var twice = features.Select(feature => feature.Column).Append(target.Column).GroupBy(column => column).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new ArgumentException($"Expected each column once, as a feature or as the target, found '{twice.Key}' {twice.Count()} times.",
                nameof(features));
        }

        var classes = target.IsClass ? Indices(table, rows, target.Column, first: 0) : [];
        return new(
            [.. features.OfType<NumberFeature>().Select(feature => FittedNumber.Fit(table, rows, feature))],
            [.. features.OfType<CategoryFeature>().Select(feature => (feature.Column, Indices(table, rows, feature.Column, first: 1)))],
            target,
            classes);
    }

    /// <summary>Encodes rows, of this table or of another with the same columns.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows, in this order; all if nothing is said.</param>
    /// <returns>Tensors, to be disposed.</returns>
    /// <exception cref="ArgumentException">No row, or one that is not in the table.</exception>
    /// <exception cref="InvalidDataException">A column that is not there, or a cell that is not what it should be; the message has file, line and
    /// column.</exception>
    public EncodedTable Encode(Table table, IReadOnlyList<int>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        rows ??= [.. Enumerable.Range(0, table.Count)];
        CheckRows(table, rows);
        float[] features = [.. rows.SelectMany(row => numbers.SelectMany(number => number.Of(table, row)))];
        var columns = categories.Select(category => table.Column(category.Column)).ToArray();
        long[] indices =
        [
            .. rows.SelectMany(row => categories.Select((category, place) => (long)category.Indices.GetValueOrDefault(columns[place].Text(row)))),
        ];
        return target.IsClass
            ? new(rows.Count, features, indices, CategoryCounts, [.. rows.Select(row => (long)Class(table, row))], classes.Count)
            : new(rows.Count, features, indices, CategoryCounts, [.. rows.Select(row => (float)table.Number(table.Column(target.Column), row))]);
    }

    private int Class(Table table, int row)
    {
        var name = table.Column(target.Column).Text(row);
        return classes.TryGetValue(name, out var index)
            ? index
            : throw table.Wrong(target.Column, row, $"a class of the training rows ({string.Join(", ", ClassNames)})",
                name.Length > 0 ? $"'{name}'" : "nothing");
    }

    private static Dictionary<string, int> Indices(Table table, IReadOnlyList<int> rows, string column, int first)
    {
        var cells = table.Column(column);
        // A missing category is as good as an unknown one; a missing class is told where the row is encoded.
        return rows.Where(row => !cells.IsMissing(row))
            .Select(cells.Text)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select((text, index) => (text, index))
            .ToDictionary(pair => pair.text, pair => pair.index + first, StringComparer.Ordinal);
    }

    private static void CheckRows(Table table, IReadOnlyList<int> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
        {
            throw new ArgumentException("Expected at least one row, found none.", nameof(rows));
        }

        foreach (var row in rows)
        {
            if (row < 0 || row >= table.Count)
            {
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"Expected rows from 0 to {table.Count - 1}.");
            }
        }
    }
}
