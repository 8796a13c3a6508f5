using SourceNet.Tool.Loading;

namespace SourceNet.Tool.Tests;

public class IntermediateFolderTests
{
    [Fact]
    public void A_checkout_that_can_be_written_to_is_built_as_ever_and_has_no_file_more()
    {
        using var folder = new TemporaryFolder();
        using var intermediate = IntermediateFolder.For(folder.Path);

        Assert.Empty(intermediate.Properties);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_read_only_checkout_is_built_elsewhere_and_nothing_is_left_behind()
    {
        // Not even root writes there.
        var intermediate = IntermediateFolder.For(OperatingSystem.IsLinux() ? "/proc" : Environment.SystemDirectory);
        var props = Assert.Single(intermediate.Properties).Value;
        var text = File.ReadAllText(props);

        intermediate.Dispose();

        Assert.Contains($"<IntermediateOutputPath>{Path.GetDirectoryName(props)}/$(MSBuildProjectName)/</IntermediateOutputPath>", text);
        Assert.False(Directory.Exists(Path.GetDirectoryName(props)));
    }
}
