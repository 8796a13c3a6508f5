using SourceNet.Training;

namespace SourceNet.Tool.Formats;

/// <summary>What the command line asks to be written. Folders on the way are made.</summary>
internal static class OutputFile
{
    /// <exception cref="ToolException">It cannot be written; what was there before still is.</exception>
    public static void Write(string path, byte[] content)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            WholeFile.Write(path, content);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException(ExitCode.Usage, error.Message.StartsWith(path, StringComparison.Ordinal)
                ? error.Message
                : $"{path}: expected a file that can be written, found: {error.Message}");
        }
    }
}
