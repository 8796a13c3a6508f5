using System.Globalization;
using System.Text;
using Parquet;
using Parquet.Schema;

namespace SourceNet.Data.Tests;

/// <summary>Files as tables.</summary>
public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_has_named_columns_of_texts_and_numbers()
    {
        var table = Csv("name,age\nAda,36\nAlan,41.5\n");

        Assert.Equal(["name", "age"], table.Columns);
        Assert.Equal(2, table.Count);
        Assert.Equal(["Ada", "Alan"], table.Texts("name"));
        Assert.Equal([36, 41.5], table.Numbers("age"));
    }

    [Fact]
    public void Quotes_are_those_of_RFC_4180()
    {
        var table = Csv("a,\"b \"\"c\"\"\",d\r\n\"1,5\",\"two\r\nlines\",\"\"\"\"\r\n,\"\",x\r\n");

        Assert.Equal(["a", "b \"c\"", "d"], table.Columns);
        Assert.Equal(["1,5", ""], table.Texts("a"));
        Assert.Equal(["two\r\nlines", ""], table.Texts("b \"c\""));
        Assert.Equal(["\"", "x"], table.Texts("d"));
    }

    [Fact]
    public void A_byte_order_mark_a_missing_last_line_end_and_empty_lines_do_not_matter()
    {
        var path = folder.Write("bom.csv", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("é,b\n\n1,2\n\n3,4")]);

        var table = Table.ReadCsv(path);

        Assert.Equal(["é", "b"], table.Columns);
        Assert.Equal([1, 3], table.Numbers("é"));
    }

    [Theory]
    [InlineData("sv-SE")]
    [InlineData("de-DE")]
    public void Numbers_are_read_alike_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal([-1500, 0.25], Csv("x;y\n-1.5e3;a\n.25;b\n", ';').Numbers("x"));
            Assert.Throws<InvalidDataException>(() => Csv("x;y\n1,5;a\n", ';').Numbers("x"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Empty_fields_and_what_stands_for_nothing_are_missing()
    {
        var table = Table.ReadCsv(Path("x,y\n,?\nNA,2\n3,\n"), missing: ["NA", "?"]);

        Assert.Equal([double.NaN, double.NaN, 3], table.Numbers("x"));
        Assert.Equal(["", "2", ""], table.Texts("y"));
    }

    [Theory]
    [InlineData("", "expected a line of names and at least one row, found nothing")]
    [InlineData("a,b\n", "expected a line of names and at least one row, found the names alone")]
    [InlineData("a,b\n1,2\n\"x\ny\",3\n4\n", "line 5: expected 2 fields, as the first line has, found 1")]
    [InlineData("a,b\n1,2,3\n", "line 2: expected 2 fields, as the first line has, found 3")]
    [InlineData("a,b\n1,\"2\n", "line 2: expected quotes in pairs, found one that does not end")]
    [InlineData("a,b,a\n1,2,3\n", "expected columns of different names, found 'a' 2 times")]
    [InlineData("a,,c\n1,2,3\n", "expected a name for each column, found none for column 2")]
    public void What_is_no_table_is_told_with_its_line(string content, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Csv(content));

        Assert.Contains(message, error.Message);
        Assert.Contains("table.csv", error.Message);
    }

    [Fact]
    public void Other_bytes_than_UTF_8_are_told_instead_of_replaced() =>
        Assert.Contains("expected text in UTF-8", Assert.Throws<InvalidDataException>(() =>
            Table.ReadCsv(folder.Write("latin.csv", [.. "a\n"u8, 0xE9, 0x0A]))).Message);

    [Fact]
    public void A_cell_that_is_no_number_is_told_with_file_line_and_column()
    {
        var path = Path("name,age\n\"a\nb\",1\nc,old\n");

        var error = Assert.Throws<InvalidDataException>(() => Table.ReadCsv(path).Numbers("age"));

        Assert.Equal($"{path}, line 4, column 'age': expected a finite number, found 'old'", error.Message);
        Assert.Contains("found 'Infinity'", Assert.Throws<InvalidDataException>(() => Csv("x,y\nInfinity,1\n").Numbers("x")).Message);
    }

    [Fact]
    public void A_column_that_is_not_there_is_told_with_those_that_are() =>
        Assert.EndsWith("expected a column 'c', found 'a', 'b'", Assert.Throws<InvalidDataException>(() => Csv("a,b\n1,2\n").Texts("c")).Message);

    [Fact]
    public async Task Parquet_files_have_numbers_texts_and_truth_values_with_nulls_in_several_groups()
    {
        var fields = new DataField[]
        {
            new DataField<double>("real"), new DataField<int?>("whole"), new DataField<string>("text"), new DataField<bool>("truth"),
                new DataField<long>("id"), new DataField<DateTime>("when"),
        };
        var path = folder.File("table.parquet");
        await using (var file = File.Create(path))
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file))
        {
            foreach (var group in new[] { 0, 1 })
            {
                using var rows = writer.CreateRowGroup();
                await rows.WriteAsync<double>(fields[0], new[] { 0.5 + group, double.NaN });
                await rows.WriteAsync<int>(fields[1], new int?[] { 7 + group, null });
                await rows.WriteAsync(fields[2], new[] { "a" + group, null! });
                await rows.WriteAsync<bool>(fields[3], new[] { true, false });
                await rows.WriteAsync<long>(fields[4], new[] { 9_007_199_254_740_993, 9_007_199_254_740_992 });
                await rows.WriteAsync<DateTime>(fields[5], new[] { DateTime.UnixEpoch, DateTime.UnixEpoch });
            }
        }

        var table = Table.ReadParquet(path);

        Assert.Equal(["real", "whole", "text", "truth", "id", "when"], table.Columns);
        Assert.Equal([0.5, double.NaN, 1.5, double.NaN], table.Numbers("real"));
        Assert.Equal([7, double.NaN, 8, double.NaN], table.Numbers("whole"));
        Assert.Equal(["7", "", "8", ""], table.Texts("whole"));
        Assert.Equal(["a0", "", "a1", ""], table.Texts("text"));
        Assert.Equal([1, 0, 1, 0], table.Numbers("truth"));
        // Two ids that a double takes for one.
        Assert.Equal(["9007199254740993", "9007199254740992", "9007199254740993", "9007199254740992"], table.Texts("id"));
        Assert.EndsWith("column 'when': expected numbers, texts or truth values, found DateTime",
            Assert.Throws<InvalidDataException>(() => table.Texts("when")).Message);
        Assert.Contains("row 1, column 'text': expected a finite number, found 'a0'", Assert.Throws<InvalidDataException>(() => table.Numbers("text")).Message);
    }

    [Fact]
    public void Files_that_are_no_Parquet_files_are_told()
    {
        Assert.Contains("expected a Parquet file", Assert.Throws<InvalidDataException>(() => Table.ReadParquet(Path("a,b\n1,2\n"))).Message);
        Assert.Throws<FileNotFoundException>(() => Table.ReadParquet(folder.File("none.parquet")));
        Assert.Throws<FileNotFoundException>(() => Table.ReadCsv(folder.File("none.csv")));
    }

    private Table Csv(string content, char separator = ',') => Table.ReadCsv(Path(content), separator);

    private string Path(string content) => folder.Write("table.csv", Encoding.UTF8.GetBytes(content));
}
