namespace SourceNet.Data;

/// <summary>A table of a file in memory: named columns of texts or numbers.</summary>
public sealed class Table
{
    private readonly TableColumn[] columns;
    private readonly Dictionary<string, TableColumn> byName;
    private readonly Func<int, string> place;

    /// <param name="source">The file, for messages.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="columns">The columns, of different names.</param>
    /// <param name="place">Where a row stands: <c>line 3</c>.</param>
    internal Table(string source, int count, TableColumn[] columns, Func<int, string> place)
    {
        (Source, Count, this.columns, this.place) = (source, count, columns, place);
        byName = columns.ToDictionary(column => column.Name, StringComparer.Ordinal);
    }

    /// <summary>The path of the file.</summary>
    public string Source { get; }

    /// <summary>The number of rows, above 0.</summary>
    public int Count { get; }

    /// <summary>The names of the columns, in their order.</summary>
    public IReadOnlyList<string> Columns => [.. columns.Select(column => column.Name)];

    /// <summary>Reads a CSV file (RFC 4180) in UTF-8: a line of names, then a line for each row; fields may stand in quotes, with lines and doubled quotes
    /// in them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="separator">What stands between fields.</param>
    /// <param name="missing">What stands for nothing beside an empty field, such as <c>NA</c> or <c>?</c>.</param>
    /// <remarks>Numbers are read as <c>-1.5e3</c> is, whatever the culture. Lines without a character are left out, unless the file has one column.</remarks>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// No line of names, a name twice or empty, no row, a line with another number of fields, a quote that does not end, bytes that are not UTF-8.
    /// </exception>
    public static Table ReadCsv(string path, char separator = ',', IEnumerable<string>? missing = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return CsvFile.Read(path, separator, [.. missing ?? []]);
    }

    /// <summary>Reads a Parquet file.</summary>
    /// <param name="path">The file.</param>
    /// <remarks>
    /// Columns of numbers, truth values (as 0 and 1) and texts are read; nulls are missing, and so is NaN. Asking for a column of anything else, such as
    /// dates or lists, is an error.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no Parquet file, is damaged, or has no row.</exception>
    public static Table ReadParquet(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return ParquetFile.ReadAsync(path).GetAwaiter().GetResult();
    }

    /// <summary>The cells of a column as texts, empty where they are missing: classes or groups for a split.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="InvalidDataException">There is no such column, or it has neither texts nor numbers.</exception>
    public IReadOnlyList<string> Texts(string column)
    {
        var cells = Column(column);
        return [.. Enumerable.Range(0, Count).Select(cells.Text)];
    }

    /// <summary>The cells of a column as numbers, NaN where they are missing.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="InvalidDataException">There is no such column, or a cell is no finite number.</exception>
    public IReadOnlyList<double> Numbers(string column)
    {
        var cells = Column(column);
        return [.. Enumerable.Range(0, Count).Select(row => cells.IsMissing(row) ? double.NaN : Number(cells, row))];
    }

    /// <exception cref="InvalidDataException">There is none of this name.</exception>
    internal TableColumn Column(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return byName.TryGetValue(name, out var column)
            ? column
            : throw new InvalidDataException($"{Source}: expected a column '{name}', found {string.Join(", ", columns.Select(one => $"'{one.Name}'"))}");
    }

    /// <exception cref="InvalidDataException">The cell is none.</exception>
    internal double Number(TableColumn column, int row) => column.Number(row) ?? throw Wrong(column.Name, row, "a finite number", $"'{column.Text(row)}'");

    /// <summary>What is wrong with a cell.</summary>
    internal InvalidDataException Wrong(string column, int row, string expected, string found) =>
        new($"{Source}, {place(row)}, column '{column}': expected {expected}, found {found}");
}
