using System.Globalization;
using System.Text;
using nietras.SeparatedValues;

namespace SourceNet.Data;

/// <summary>Reads CSV files (RFC 4180) by Sep.</summary>
internal static class CsvFile
{
    internal static Table Read(string path, char separator, HashSet<string> missing)
    {
        using var text = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            using var reader = Sep.New(separator)
                .Reader(options => options with
                {
                    HasHeader = false,
                    Unescape = true,
                    DisableColCountCheck = true,
                    CultureInfo = CultureInfo.InvariantCulture,
                    CreateToString = SepToString.PoolPerCol(),
                })
                .From(text);
            return Read(path, reader, missing);
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidDataException($"{path}: expected text in UTF-8, found other bytes: {error.Message}", error);
        }
    }

    private static Table Read(string path, SepReader reader, HashSet<string> missing)
    {
        string[]? names = null;
        List<string?>[] cells = [];
        var lines = new List<int>();
        foreach (var row in reader)
        {
            if (row.ColCount == 1 && row.Span.Length == 0 && names is not { Length: 1 })
            {
                continue;
            }

            // Before the first field is read: that takes the quotes away.
            if (row.Span.Count('"') % 2 != 0)
            {
                throw new InvalidDataException($"{path}, line {row.LineNumberFrom}: expected quotes in pairs, found one that does not end");
            }

            if (names is null)
            {
                names = Names(path, row);
                cells = [.. names.Select(_ => new List<string?>())];
                continue;
            }

            if (row.ColCount != names.Length)
            {
                throw new InvalidDataException(
                    $"{path}, line {row.LineNumberFrom}: expected {names.Length} fields, as the first line has, found {row.ColCount}");
            }

            lines.Add(row.LineNumberFrom);
            for (var column = 0; column < names.Length; column++)
            {
                var cell = row[column].ToString();
                cells[column].Add(missing.Contains(cell) ? null : cell);
            }
        }

        if (names is null || lines.Count == 0)
        {
            throw new InvalidDataException($"{path}: expected a line of names and at least one row, found {(names is null ? "nothing" : "the names alone")}");
        }

        return new(path, lines.Count, [.. names.Select((name, column) => new TextColumn(name, [.. cells[column]]))], row => $"line {lines[row]}");
    }

    private static string[] Names(string path, SepReader.Row row)
    {
        var names = new string[row.ColCount];
        for (var column = 0; column < names.Length; column++)
        {
            names[column] = row[column].ToString();
        }

        return ColumnNames.Check(path, names);
    }
}
