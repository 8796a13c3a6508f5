using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SourceNet.Sweep.Trials;

/// <summary>
/// Processes that a trial left behind: children that outlived it, and trials whose tool was killed. A variable in their environment tells them from all others,
/// on Linux; elsewhere there is no way to see it.
/// </summary>
internal static class Survivors
{
    /// <summary>The variable that every process of a trial inherits.</summary>
    public const string Variable = "SOURCENET_SWEEP_TRIAL";

    /// <summary>What the variable says of a trial: a path, the same for every tool that runs it.</summary>
    public static string Mark(TrialFiles files) => Path.GetFullPath(files.Input);

    /// <summary>Ends them.</summary>
    public static void End(TrialFiles files)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var mark = Encoding.UTF8.GetBytes($"{Variable}={Mark(files)}\0");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var isProcess = int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id);
            if (isProcess && id != Environment.ProcessId && Has(folder, mark))
            {
                Kill(id);
            }
        }
    }

    private static bool Has(string folder, byte[] mark)
    {
        try
        {
            // Another user's processes cannot be read, and are none of ours.
            return File.ReadAllBytes(Path.Combine(folder, "environ")) is var environment
                && (environment.AsSpan().StartsWith(mark) || environment.AsSpan().IndexOf((byte[])[0, .. mark]) >= 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself.
        }
    }
}
