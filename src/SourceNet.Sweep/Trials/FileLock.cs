namespace SourceNet.Sweep.Trials;

/// <summary>
/// A file that one process holds, on this or on another machine that sees the same folder. The system lets go of it with the process, however that ends.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly FileStream file;

    private FileLock(FileStream file) => this.file = file;

    /// <summary>Takes it, if nobody has it.</summary>
    public static FileLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes it as soon as nobody has it.</summary>
    public static async Task<FileLock> TakeAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(s_look, cancellation);
        }
    }

    // Not deleted: another tool may have opened it already, and would hold a lock of a file that nobody sees.
    public void Dispose() => file.Dispose();
}
