namespace SourceNet.Training;

/// <summary>Files appear whole or not at all: each is written beside its place, then renamed.</summary>
internal static class WholeFile
{
    /// <summary>Whoever still writes has written since then; what is older was left by a process that was killed.</summary>
    private static readonly TimeSpan s_abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Finds out, before hours of work, whether a file can be written.</summary>
    /// <exception cref="IOException">Its folder is missing, or nothing can be written there.</exception>
    internal static void CheckWritable(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)))
        {
            throw new DirectoryNotFoundException($"{path}: expected a folder that is there, found none: {Path.GetDirectoryName(full)}");
        }

        if (Directory.Exists(full))
        {
            throw new IOException($"{path}: expected a file that can be written, found a folder");
        }

        RemoveAbandoned(full, TimeSpan.Zero);
        try
        {
            using var probe = new FileStream(
                $"{full}.{Guid.NewGuid():N}.partial", FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: expected a file that can be written, found: {error.Message}", error);
        }
    }

    /// <summary>Removes what killed processes left of this file: its own temporaries, and those of safetensors files.</summary>
    internal static void RemoveAbandoned(string path, TimeSpan age)
    {
        var (folder, name) = (Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(folder, $"*{name}.*").Where(file => IsTemporary(Path.GetFileName(file), name)))
        {
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) >= age)
                {
                    File.Delete(file);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Another process removes it, or holds it: then it is not abandoned.
            }
        }
    }

    private static bool IsTemporary(string file, string name) =>
        IsBetween(file, $"{name}.", ".partial") || IsBetween(file, $".{name}.", ".tmp");

    /// <summary>Whether the 32 digits of a number that is drawn anew each time stand between two texts.</summary>
    private static bool IsBetween(string file, string start, string end) =>
        file.Length == start.Length + 32 + end.Length && file.StartsWith(start, StringComparison.Ordinal) && file.EndsWith(end, StringComparison.Ordinal);

    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    internal static void Write(string path, byte[] content) => Write(path, stream => stream.Write(content));

    /// <exception cref="IOException">It cannot be read or written; what was there before still is.</exception>
    internal static void Copy(string from, string path)
    {
        using var source = File.OpenRead(from);
        Write(path, source.CopyTo);
    }

    private static void Write(string path, Action<Stream> content)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RemoveAbandoned(path, s_abandoned);
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                content(stream);
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
