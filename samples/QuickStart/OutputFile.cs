namespace QuickStart;

/// <summary>Files appear whole or not at all: each is written beside its place, then renamed.</summary>
internal static class OutputFile
{
    /// <summary>Finds out before the training whether its results can be written. Makes the folders that are missing.</summary>
    /// <exception cref="IOException">One of the files cannot be written.</exception>
    public static void EnsureWritable(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
                throw new IOException($"{path}: expected a file that can be written, found a folder");
            Replace(path, [], keep: false);
        }
    }

    /// <summary>Writes a file, or replaces it.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public static void Write(string path, byte[] content) => Replace(path, content, keep: true);

    private static void Replace(string path, byte[] content, bool keep)
    {
        var partial = path + ".partial";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllBytes(partial, content);
            if (keep)
                File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: expected a file that can be written, found: {error.Message}", error);
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }
    }
}
