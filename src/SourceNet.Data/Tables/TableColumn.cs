using System.Globalization;

namespace SourceNet.Data;

/// <summary>The cells of a column.</summary>
internal abstract class TableColumn(string name)
{
    internal string Name => name;

    /// <summary>Whether nothing stands in a cell.</summary>
    internal abstract bool IsMissing(int row);

    /// <summary>A cell as text; empty where it is missing.</summary>
    internal abstract string Text(int row);

    /// <summary>A cell as a finite number; null if it is none.</summary>
    internal abstract double? Number(int row);
}

/// <summary>Texts. Null and empty ones are missing.</summary>
internal sealed class TextColumn(string name, string?[] cells) : TableColumn(name)
{
    internal override bool IsMissing(int row) => string.IsNullOrEmpty(cells[row]);

    internal override string Text(int row) => cells[row] ?? "";

    internal override double? Number(int row) =>
        double.TryParse(cells[row], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}

/// <summary>Numbers. NaN is missing.</summary>
internal sealed class NumberColumn(string name, double[] cells) : TableColumn(name)
{
    internal override bool IsMissing(int row) => double.IsNaN(cells[row]);

    internal override string Text(int row) => IsMissing(row) ? "" : cells[row].ToString("R", CultureInfo.InvariantCulture);

    internal override double? Number(int row) => double.IsFinite(cells[row]) ? cells[row] : null;
}
