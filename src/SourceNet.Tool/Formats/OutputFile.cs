namespace SourceNet.Tool.Formats;

/// <summary>Files appear whole or not at all: each is written beside its place, then renamed.</summary>
internal static class OutputFile
{
    /// <exception cref="ToolException">It cannot be written; what was there before still is.</exception>
    public static void Write(string path, byte[] content)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(partial, content);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }

            throw new ToolException(ExitCode.Usage, $"{path}: expected a file that can be written, found: {error.Message}");
        }
    }
}
