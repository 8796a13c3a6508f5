using System.Text;

namespace SourceNet;

/// <summary>Lays out cells in aligned columns of plain text, with a rule under the headings.</summary>
internal sealed class TextTable
{
    private readonly (string Heading, bool Right)[] columns;
    private readonly List<string[]> rows = [];

    internal TextTable(params (string Heading, bool Right)[] columns) => this.columns = columns;

    internal void Add(params string[] cells) => rows.Add(cells);

    /// <summary>Writes headings, a rule and the rows. Columns that are empty in every row are left out.</summary>
    internal void WriteTo(StringBuilder text)
    {
        int[] shown = [.. Enumerable.Range(0, columns.Length).Where(column => rows.Exists(row => row[column].Length > 0))];
        var widths = columns.Select((column, index) => rows.Select(row => row[index].Length).Append(column.Heading.Length).Max()).ToArray();

        WriteRow([.. columns.Select(column => column.Heading)]);
        text.Append('─', shown.Sum(column => widths[column] + 2) - 2).Append('\n');
        rows.ForEach(WriteRow);

        void WriteRow(string[] cells)
        {
            var line = shown.Select(column => columns[column].Right ? cells[column].PadLeft(widths[column]) : cells[column].PadRight(widths[column]));
            text.Append(string.Join("  ", line).TrimEnd()).Append('\n');
        }
    }
}
