using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using SourceNet.Sweep.Grid;
using SourceNet.Training;

namespace SourceNet.Sweep.Trials;

/// <summary>Runs the program of a trial and watches over its memory and time.</summary>
/// <param name="sweep">The sweep.</param>
/// <param name="halves">Whether the sweep's halving, if it has one, may end the trial.</param>
internal sealed class TrialProcess(SweepFile sweep, bool halves = true)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the streams of a process that has ended are read on.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(2);

    /// <summary>Runs it once.</summary>
    /// <returns>Null if it left a result, and else what went wrong.</returns>
    /// <exception cref="SweepException">The program cannot be started at all, or does not measure what the sweep asks for.</exception>
    public async Task<string?> RunAsync(PlannedTrial trial, CancellationToken cancellation)
    {
        var files = TrialFiles.New(sweep, trial);
        // A tool that was killed may have left the trial running.
        Survivors.End(files);
        files.WriteInput(sweep, trial, halves);
        File.Delete(files.Output);
        files.ClearStop();
        using var process = Start(files);
        // Both streams in one file, as they come.
        await using var log = new StreamWriter(files.Log) { AutoFlush = true };
        using var writing = new SemaphoreSlim(1);
        using var reading = new CancellationTokenSource();
        var copies = Task.WhenAll(
            CopyAsync(process.StandardOutput, log, writing, reading.Token), CopyAsync(process.StandardError, log, writing, reading.Token));
        try
        {
            var reason = await WatchAsync(process, cancellation);
            Survivors.End(files);
            // A child that outlives the trial keeps its streams open: what they say after this nobody waits for.
            await Task.WhenAny(copies, Task.Delay(s_lastWords, CancellationToken.None));
            await reading.CancelAsync();
            await copies;
            return reason ?? (process.ExitCode != 0 ? $"exit code {process.ExitCode}{LastLine(files.Log)}"
                : Problem(files));
        }
        finally
        {
            Kill(process);
            Survivors.End(files);
            await reading.CancelAsync();
            await copies;
        }
    }

    /// <summary>What is wrong with what a trial left; null for nothing.</summary>
    private string? Problem(TrialFiles files)
    {
        var (metrics, problem) = TrialMetrics.Read(files.Output);
        if (metrics is null)
        {
            return $"expected metrics in {files.Output}, found {problem}";
        }

        if (sweep.Objective is { } objective && !metrics.ContainsKey(objective))
        {
            // All trials write the same names: it is the sweep that is wrong, and what was measured stays.
            throw new SweepException(
                $"expected the metric \"{objective}\", which the sweep {(sweep.Maximize is null ? "minimizes" : "maximizes")}, in {files.Output}, found "
                    + $"{string.Join(", ", metrics.Keys)}");
        }

        TrialReport? report;
        try
        {
            report = TrialReport.Read(files.Report);
        }
        catch (InvalidDataException wrong)
        {
            return wrong.Message;
        }

        return report is not null || sweep.Halving is null || !halves
            ? null
            : throw new SweepException($"expected a program that reports on its way, since the sweep has a \"halving\", found no {files.Report}");
    }

    private static async Task CopyAsync(StreamReader from, StreamWriter log, SemaphoreSlim writing, CancellationToken cancellation)
    {
        try
        {
            while (await from.ReadLineAsync(cancellation) is { } line)
            {
                await writing.WaitAsync(cancellation);
                try
                {
                    await log.WriteLineAsync(line);
                }
                finally
                {
                    writing.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any longer.
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
        start.Environment[Survivors.Variable] = Survivors.Mark(files);
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
        // Not WaitForExitAsync, which waits for everybody who holds the streams.
        while (!process.HasExited)
        {
            await Task.Delay(s_look, cancellation);
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

        return null;
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(TimeSpan.FromSeconds(10));
        }
    }

    private static string LastLine(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var last = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return last is null ? "" : $": {last}";
    }
}
