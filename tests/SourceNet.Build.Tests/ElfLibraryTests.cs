namespace SourceNet.Build.Tests;

public class ElfLibraryTests
{
    [Fact]
    public void The_need_of_TorchSharps_library_becomes_weak_and_nothing_else_changes()
    {
        var original = File.ReadAllBytes(TorchSharpPackage.Library);
        var library = new ElfLibrary((byte[])original.Clone());

        Assert.True(library.WeakenVersion());

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != library.Bytes[i]).ToArray();
        var flags = Assert.Single(changed);
        Assert.Equal((0, 2), (original[flags], library.Bytes[flags]));
    }

    [Fact]
    public void A_repaired_library_needs_no_repair()
    {
        var library = new ElfLibrary(File.ReadAllBytes(TorchSharpPackage.Library));
        library.WeakenVersion();

        Assert.False(new ElfLibrary(library.Bytes).WeakenVersion());
    }

    [Fact]
    public void The_need_is_found_behind_those_of_other_libraries_and_versions()
    {
        var library = new ElfLibrary(SharedLibraryFile.Needing(ElfLibrary.Version));

        Assert.True(library.WeakenVersion());
        Assert.Equal(2, library.Bytes[SharedLibraryFile.Flags]);
    }

    [Fact]
    public void A_library_that_needs_no_newer_version_is_left_alone()
    {
        var library = new ElfLibrary(SharedLibraryFile.Needing("GLIBCXX_3.4.30"));

        Assert.False(library.WeakenVersion());
        Assert.Equal(SharedLibraryFile.Needing("GLIBCXX_3.4.30"), library.Bytes);
    }

    [Fact]
    public void A_version_that_is_really_used_stays_needed()
    {
        var library = new ElfLibrary(SharedLibraryFile.Needing(ElfLibrary.Version, used: true));

        var exception = Assert.Throws<InvalidDataException>(() => library.WeakenVersion());

        Assert.Contains("really uses GLIBCXX_3.4.32", exception.Message);
        Assert.Equal(0, library.Bytes[SharedLibraryFile.Flags]);
    }

    [Theory]
    [InlineData(0, 'M', "not an ELF file")]
    [InlineData(4, 1, "not a shared library for x86-64")]
    [InlineData(5, 2, "not a shared library for x86-64")]
    [InlineData(16, 2, "not a shared library for x86-64")]
    [InlineData(18, 183, "not a shared library for x86-64")]
    public void Other_files_are_refused_by_name(int place, int value, string message)
    {
        var file = SharedLibraryFile.Needing(ElfLibrary.Version);
        file[place] = (byte)value;

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => new ElfLibrary(file)).Message);
    }

    [Fact]
    public void A_library_that_ends_too_early_is_refused_wherever_it_ends()
    {
        var file = SharedLibraryFile.Needing(ElfLibrary.Version);

        for (var length = 0; length < SharedLibraryFile.Flags; length++)
        {
            var part = file[..length];
            Assert.Throws<InvalidDataException>(() => new ElfLibrary(part).WeakenVersion());
        }
    }

    [Fact]
    public void Half_of_TorchSharps_library_is_refused()
    {
        var file = File.ReadAllBytes(TorchSharpPackage.Library);

        Assert.Throws<InvalidDataException>(() => new ElfLibrary(file[..(file.Length / 2)]).WeakenVersion());
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x7f)]
    [InlineData(0xff)]
    public void Any_eight_damaged_bytes_give_a_result_or_a_clear_error(byte damage)
    {
        var intact = SharedLibraryFile.Needing(ElfLibrary.Version, used: true);
        for (var place = 0; place + 8 <= intact.Length; place++)
        {
            var file = (byte[])intact.Clone();
            file.AsSpan(place, 8).Fill(damage);
            var exception = Record.Exception(() => new ElfLibrary(file).WeakenVersion());
            Assert.True(exception is null or InvalidDataException, $"Damage at {place}: {exception}");
        }
    }
}
