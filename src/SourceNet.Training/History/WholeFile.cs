namespace SourceNet.Training;

/// <summary>Files appear whole or not at all: each is written beside its place, then renamed.</summary>
internal static class WholeFile
{
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    internal static void Write(string path, byte[] content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                // On the disk before it takes the other's name: a power cut must not leave an empty file under it.
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }

            throw new IOException($"{path}: expected a file that can be written, found: {error.Message}", error);
        }
    }
}
