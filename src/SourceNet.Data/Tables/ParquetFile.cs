using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace SourceNet.Data;

/// <summary>Reads Parquet files by Parquet.Net.</summary>
internal static class ParquetFile
{
    /// <summary>Whole numbers beyond this are kept as texts: a <see cref="double"/> would round them, and two ids would become one.</summary>
    private const decimal Exact = 1L << 53;

    internal static async Task<Table> ReadAsync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            await using var reader = await ParquetReader.CreateAsync(file).ConfigureAwait(false);
            var fields = reader.Schema.GetDataFields();
            ColumnNames.Check(path, [.. fields.Select(Name)]);
            var cells = fields.Select(_ => new List<object?>()).ToArray();
            var count = 0;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                using var rows = reader.OpenRowGroupReader(group);
                for (var field = 0; field < fields.Length; field++)
                {
                    if (CanRead(fields[field]))
                    {
                        cells[field].AddRange(await CellsAsync(rows, fields[field]).ConfigureAwait(false));
                    }
                }

                count = checked(count + (int)rows.RowCount);
            }

            return count > 0
                ? new(path, count, [.. fields.Select((field, index) => Column(path, field, cells[index]))], row => $"row {row + 1}")
                : throw new InvalidDataException($"{path}: expected at least one row, found none");
        }
        catch (Exception error) when (error is not (InvalidDataException or OutOfMemoryException))
        {
            throw new InvalidDataException($"{path}: expected a Parquet file, found one that cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Parquet.Net's type of texts.</summary>
    private static bool IsText(DataField field) => field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>);

    private static string Name(DataField field) => field.Path.ToString();

    private static bool CanRead(DataField field) => !field.IsArray && field.MaxRepetitionLevel == 0 && field.ClrType is var type
        && (IsText(field) || type == typeof(bool) || type == typeof(double) || type == typeof(float) || type == typeof(decimal)
            || type == typeof(sbyte) || type == typeof(byte) || type == typeof(short) || type == typeof(ushort)
            || type == typeof(int) || type == typeof(uint) || type == typeof(long) || type == typeof(ulong));

    private static async Task<IEnumerable<object?>> CellsAsync(ParquetRowGroupReader rows, DataField field)
    {
        if (IsText(field))
        {
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
            return texts;
        }

        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Boolean => await ValuesAsync<bool>(rows, field).ConfigureAwait(false),
            TypeCode.Double => await ValuesAsync<double>(rows, field).ConfigureAwait(false),
            TypeCode.Single => await ValuesAsync<float>(rows, field).ConfigureAwait(false),
            TypeCode.Decimal => await ValuesAsync<decimal>(rows, field).ConfigureAwait(false),
            TypeCode.SByte => await ValuesAsync<sbyte>(rows, field).ConfigureAwait(false),
            TypeCode.Byte => await ValuesAsync<byte>(rows, field).ConfigureAwait(false),
            TypeCode.Int16 => await ValuesAsync<short>(rows, field).ConfigureAwait(false),
            TypeCode.UInt16 => await ValuesAsync<ushort>(rows, field).ConfigureAwait(false),
            TypeCode.Int32 => await ValuesAsync<int>(rows, field).ConfigureAwait(false),
            TypeCode.UInt32 => await ValuesAsync<uint>(rows, field).ConfigureAwait(false),
            TypeCode.Int64 => await ValuesAsync<long>(rows, field).ConfigureAwait(false),
            TypeCode.UInt64 => await ValuesAsync<ulong>(rows, field).ConfigureAwait(false),
            _ => throw new InvalidDataException($"Expected numbers, texts or truth values, found {field.ClrType.Name}"),
        };
    }

    private static async Task<IEnumerable<object?>> ValuesAsync<T>(ParquetRowGroupReader rows, DataField field)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[rows.RowCount];
            await rows.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
            return values.Select(value => (object?)value);
        }

        var whole = new T[rows.RowCount];
        await rows.ReadAsync<T>(field, whole.AsMemory()).ConfigureAwait(false);
        return whole.Select(value => (object?)value);
    }

    private static TableColumn Column(string path, DataField field, List<object?> cells)
    {
        var name = Name(field);
        if (!CanRead(field))
        {
            var found = field.IsArray || field.MaxRepetitionLevel > 0 ? "lists" : field.ClrType.Name;
            return new UnreadableColumn(name, $"{path}, column '{name}': expected numbers, texts or truth values, found {found}");
        }

        var isText = IsText(field)
            || cells.Any(cell => cell is long or ulong && Math.Abs(Convert.ToDecimal(cell, CultureInfo.InvariantCulture)) > Exact);
        return isText
            ? new TextColumn(name, [.. cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture))])
            : new NumberColumn(name, [.. cells.Select(cell => cell is null ? double.NaN : Convert.ToDouble(cell, CultureInfo.InvariantCulture))]);
    }
}
