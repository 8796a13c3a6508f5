using System.Security;

namespace SourceNet.Tool.Loading;

/// <summary>A place for what even a build that compiles nothing writes, where the checkout itself is read-only. It goes away with this object.</summary>
internal sealed class IntermediateFolder : IDisposable
{
    private readonly string? folder;

    private IntermediateFolder(string? folder) => this.folder = folder;

    /// <summary>Global properties of the build; none for a checkout that can be written to.</summary>
    public Dictionary<string, string> Properties { get; } = [];

    /// <param name="root">The folder of the solution or project.</param>
    public static IntermediateFolder For(string root)
    {
        if (CanWrite(root))
        {
            return new(null);
        }

        var folder = Directory.CreateTempSubdirectory("sourcenet-").FullName;
        var props = Path.Combine(folder, "intermediate.props");
        // The target framework is appended by the SDK. What was restored stays where it is.
        File.WriteAllText(props, $"""
            <Project>
              <PropertyGroup>
                <IntermediateOutputPath>{SecurityElement.Escape(folder)}/$(MSBuildProjectName)/</IntermediateOutputPath>
              </PropertyGroup>
            </Project>
            """);
        return new(folder) { Properties = { ["CustomBeforeMicrosoftCommonProps"] = props } };
    }

    public void Dispose()
    {
        if (folder is not null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool CanWrite(string root)
    {
        try
        {
            using (new FileStream(
                Path.Combine(root, $".sourcenet-{Guid.NewGuid():N}"),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose))
            {
                return true;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
