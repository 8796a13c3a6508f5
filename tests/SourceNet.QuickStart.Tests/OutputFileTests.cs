
namespace QuickStart.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Missing_folders_are_made_and_nothing_else_is_left()
    {
        var file = folder.File("a/b/numbers.json");

        OutputFile.EnsureWritable([file]);
        Assert.Empty(folder.Files);

        OutputFile.Write(file, [1, 2]);
        Assert.Equal(["numbers.json"], folder.Files);
    }

    [Fact]
    public void The_check_leaves_an_earlier_result_alone()
    {
        var file = folder.File("numbers.json");
        File.WriteAllText(file, "earlier");

        OutputFile.EnsureWritable([file]);

        Assert.Equal("earlier", File.ReadAllText(file));
    }

    [Fact]
    public void A_folder_in_the_file_s_place_is_told()
    {
        var error = Assert.Throws<IOException>(() => OutputFile.EnsureWritable([folder.Path]));

        Assert.Equal($"{folder.Path}: expected a file that can be written, found a folder", error.Message);
    }

    [Fact]
    public void A_file_in_the_folder_s_place_is_told()
    {
        File.WriteAllText(folder.File("taken"), "");
        var file = folder.File("taken/numbers.json");

        var error = Assert.Throws<IOException>(() => OutputFile.EnsureWritable([file]));

        Assert.StartsWith($"{file}: expected a file that can be written, found: ", error.Message);
    }

    [Fact]
    public void A_failed_write_leaves_nothing_behind()
    {
        Directory.CreateDirectory(folder.File("numbers.json"));

        Assert.Throws<IOException>(() => OutputFile.Write(folder.File("numbers.json"), [1]));

        Assert.Empty(folder.Files);
    }
}
