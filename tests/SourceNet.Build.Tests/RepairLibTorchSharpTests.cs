using System.Collections;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace SourceNet.Build.Tests;

public sealed class RepairLibTorchSharpTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sourcenet-").FullName;
    private readonly BuildLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_copy_is_repaired_and_the_package_is_not_touched()
    {
        var before = File.ReadAllBytes(TorchSharpPackage.Library);

        var task = Run(TorchSharpPackage.Library);

        Assert.Equal(before, File.ReadAllBytes(TorchSharpPackage.Library));
        Assert.Equal(TorchSharpPackage.Library, Assert.Single(task.Originals).ItemSpec);
        var repaired = Assert.Single(task.Repaired);
        Assert.Equal(Path.Combine(Output, "runtimes/linux-x64/native/libLibTorchSharp.so"), repaired.ItemSpec);
        Assert.False(new ElfLibrary(File.ReadAllBytes(repaired.ItemSpec)).WeakenVersion());
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public void The_copy_keeps_what_the_build_knows_about_the_original()
    {
        var repaired = Assert.Single(Run(TorchSharpPackage.Library).Repaired);

        Assert.Equal("TorchSharp", repaired.GetMetadata("NuGetPackageId"));
        Assert.Equal("runtimes/linux-x64/native/", repaired.GetMetadata("DestinationSubDirectory"));
    }

    [Fact]
    public void A_second_build_keeps_the_copy_of_the_first()
    {
        var copy = Assert.Single(Run(TorchSharpPackage.Library).Repaired).ItemSpec;
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(copy, written);

        Assert.Single(Run(TorchSharpPackage.Library).Repaired);
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
    }

    [Fact]
    public void A_copy_of_another_library_is_replaced()
    {
        var original = LibraryNamed("libLibTorchSharp.so", SharedLibraryFile.Needing(ElfLibrary.Version));
        var copy = Assert.Single(Run(original).Repaired).ItemSpec;
        File.WriteAllText(copy, "an older version");

        Run(original);

        Assert.Equal(new FileInfo(original).Length, new FileInfo(copy).Length);
    }

    [Fact]
    public void A_link_in_the_place_of_the_copy_is_replaced_and_not_written_through()
    {
        var original = LibraryNamed("libLibTorchSharp.so", SharedLibraryFile.Needing(ElfLibrary.Version));
        var copy = Path.Combine(Output, "runtimes/linux-x64/native/libLibTorchSharp.so");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.CreateSymbolicLink(copy, original);

        Assert.Single(Run(original).Repaired);

        Assert.Null(new FileInfo(copy).LinkTarget);
        Assert.Equal(SharedLibraryFile.Needing(ElfLibrary.Version), File.ReadAllBytes(original));
    }

    [Fact]
    public void Nothing_but_the_copy_is_left_behind()
    {
        var copy = Assert.Single(Run(TorchSharpPackage.Library).Repaired).ItemSpec;

        Assert.Equal([copy], Directory.GetFiles(Path.GetDirectoryName(copy)!));
    }

    [Fact]
    public void A_repaired_original_is_used_as_it_is()
    {
        var repaired = Assert.Single(Run(TorchSharpPackage.Library).Repaired).ItemSpec;
        var original = LibraryNamed("libLibTorchSharp.so", File.ReadAllBytes(repaired));

        Assert.Empty(Run(original).Repaired);
        Assert.Empty(_log.Warnings);
    }

    [Theory]
    [InlineData("not a library", "not an ELF file")]
    [InlineData("", "not an ELF file")]
    [InlineData("\u007fELF\u0002\u0001", "damaged or incomplete")]
    public void An_unexpected_file_gives_a_warning_and_no_broken_build(string content, string message)
    {
        var task = Run(LibraryNamed("libLibTorchSharp.so", System.Text.Encoding.ASCII.GetBytes(content)));

        Assert.Empty(task.Originals);
        Assert.Empty(task.Repaired);
        var warning = Assert.Single(_log.Warnings);
        Assert.Equal("SN9001", warning.Code);
        Assert.Contains(message, warning.Message);
    }

    [Fact]
    public void A_missing_file_gives_a_warning_and_no_broken_build()
    {
        Assert.Empty(Run(Path.Combine(_folder, "nowhere", "libLibTorchSharp.so")).Repaired);
        Assert.Equal("SN9001", Assert.Single(_log.Warnings).Code);
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_gives_a_warning_and_no_broken_build()
    {
        File.WriteAllText(Output, "a file where the folder should be");

        Assert.Empty(Run(TorchSharpPackage.Library).Repaired);
        Assert.Equal("SN9001", Assert.Single(_log.Warnings).Code);
    }

    private string Output => Path.Combine(_folder, "LibTorchSharp");

    private string LibraryNamed(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private RepairLibTorchSharp Run(string library)
    {
        var item = new TaskItem(library, new Dictionary<string, string>
        {
            ["DestinationSubDirectory"] = "runtimes/linux-x64/native/",
            ["NuGetPackageId"] = "TorchSharp",
        });
        var task = new RepairLibTorchSharp { BuildEngine = _log, Libraries = [item], Folder = Output, Always = true };
        Assert.True(task.Execute());
        return task;
    }

    /// <summary>What MSBuild would show.</summary>
    private sealed class BuildLog : IBuildEngine
    {
        public List<BuildWarningEventArgs> Warnings { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "Test.csproj";

        public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e);

        public void LogErrorEvent(BuildErrorEventArgs e) => Assert.Fail(e.Message ?? "an error");

        public void LogMessageEvent(BuildMessageEventArgs e)
        {
        }

        public void LogCustomEvent(CustomBuildEventArgs e)
        {
        }

        public bool BuildProjectFile(string projectFileName, string[] targetNames, IDictionary globalProperties, IDictionary targetOutputs) => false;
    }
}
