using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Trials;

/// <summary>Runs the program of a trial and watches over its memory and time.</summary>
internal sealed class TrialProcess(SweepFile sweep)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs it once.</summary>
    /// <returns>Null if it left a result, and else what went wrong.</returns>
    /// <exception cref="SweepException">The program cannot be started at all.</exception>
    public async Task<string?> RunAsync(PlannedTrial trial, CancellationToken cancellation)
    {
        var files = TrialFiles.Of(sweep, trial);
        files.WriteInput(trial);
        File.Delete(files.Output);
        using var process = Start(files);
        // Both streams in one file, as they come.
        await using var log = new StreamWriter(files.Log) { AutoFlush = true };
        var writing = new Lock();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is { } text)
            {
                lock (writing)
                {
                    log.WriteLine(text);
                }
            }
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var reason = await WatchAsync(process, cancellation);
            await process.WaitForExitAsync(CancellationToken.None);
            return reason ?? (process.ExitCode != 0 ? $"exit code {process.ExitCode}{LastLine(files.Log)}"
                : files.Metrics() is null ? $"expected metrics in {files.Output}, found none"
                : null);
        }
        finally
        {
            Kill(process);
        }
    }

    private Process Start(TrialFiles files)
    {
        var start = new ProcessStartInfo(sweep.Command[0], [.. sweep.Command.Skip(1), files.Input, files.Output])
        {
            WorkingDirectory = sweep.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // Trials side by side must not all start a thread for every core.
        start.Environment["OMP_NUM_THREADS"] = sweep.Cores.ToString(CultureInfo.InvariantCulture);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new SweepException($"expected a program that can be started as the command, found \"{sweep.Command[0]}\" in {sweep.Folder}: {error.Message}");
        }
    }

    private async Task<string?> WatchAsync(Process process, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var exit = process.WaitForExitAsync(cancellation);
        while (await Task.WhenAny(exit, Task.Delay(s_look, cancellation)) != exit)
        {
            cancellation.ThrowIfCancellationRequested();
            process.Refresh();
            if (process.HasExited)
            {
                break;
            }

            if (sweep.MemoryMiB is { } limit && process.WorkingSet64 >> 20 is var used && used > limit)
            {
                Kill(process);
                return $"took {used} MiB of memory, more than the {limit} MiB of the sweep";
            }

            if (sweep.Minutes is { } minutes && clock.Elapsed.TotalMinutes > minutes)
            {
                Kill(process);
                return string.Create(CultureInfo.InvariantCulture, $"took longer than the {minutes} minutes of the sweep");
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return null;
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static string LastLine(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return last is null ? "" : $": {last}";
    }
}
