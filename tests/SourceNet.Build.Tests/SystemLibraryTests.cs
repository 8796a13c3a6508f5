namespace SourceNet.Build.Tests;

public sealed class SystemLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sourcenet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_library_that_the_process_has_loaded_is_found_in_its_maps()
    {
        var path = Path.Combine(_folder, "libstdc++.so.6.0.30").Replace('\\', '/');
        File.WriteAllText(path, "");
        string[] maps =
        [
            "7f2e75c1e000-7f2e75c44000 rw-p 00000000 00:00 0 ",
            "7f2e75c44000-7f2e75d99000 r-xp 00026000 fe:00 5212 /usr/lib/libc.so.6",
            "7f2e75e00000-7f2e75e9a000 r--p 00000000 fe:00 8315 " + path,
        ];

        Assert.Equal(path[path.IndexOf('/')..], SystemLibrary.LoadedFrom(maps));
        Assert.Null(SystemLibrary.LoadedFrom(maps[..2]));
    }

    [Fact]
    public void A_mapped_library_that_was_since_deleted_is_not_offered() =>
        Assert.Null(SystemLibrary.LoadedFrom(["7f2e75e00000-7f2e75e9a000 r--p 00000000 fe:00 8315 /nowhere/libstdc++.so.6 (deleted)"]));

    [Theory]
    [InlineData("\0GLIBCXX_3.4.31\0GLIBCXX_3.4.32\0", true)]
    [InlineData("\0GLIBCXX_3.4.3\0GLIBCXX_3.4.30\0", false)]
    [InlineData("\0GLIBCXX_3.4.321\0", false)]
    [InlineData("\0XGLIBCXX_3.4.32\0", false)]
    public void A_version_is_there_when_it_stands_as_a_whole_string(string strings, bool expected)
    {
        var path = Path.Combine(_folder, "libstdc++.so.6");
        File.WriteAllText(path, "\u007fELF é" + strings + "é");

        Assert.Equal(expected, SystemLibrary.Has(path, "GLIBCXX_3.4.32"));
    }
}
