namespace SourceNet.Sweep.Trials;

/// <summary>
/// Held by the tool that runs a trial, so that another one that runs the same sweep does not do it a second time. The system lets go of it with the process,
/// however that ends.
/// </summary>
internal sealed class TrialLock : IDisposable
{
    private readonly FileStream file;

    private TrialLock(FileStream file) => this.file = file;

    /// <summary>Takes it, if nobody has it.</summary>
    public static TrialLock? TryTake(TrialFiles files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.Lock)!);
        try
        {
            return new(new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(files.Lock))
        {
            return null;
        }
    }

    // Not deleted: another tool may have opened it already, and would hold a lock of a file that nobody sees.
    public void Dispose() => file.Dispose();
}
