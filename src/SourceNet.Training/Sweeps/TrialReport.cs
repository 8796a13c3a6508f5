using System.Text.Json;

namespace SourceNet.Training;

/// <summary>What a trial has reported while it runs, as its file says it.</summary>
/// <param name="Sweep">The sweep it belongs to: trials of others are not compared with it.</param>
/// <param name="Steps">In their order.</param>
/// <param name="Stopped">After which step the halving ended it; null if it has not.</param>
internal sealed record TrialReport(string? Sweep, IReadOnlyList<ReportedStep> Steps, int? Stopped = null)
{
    /// <summary>How the names of such files end.</summary>
    internal const string Ending = ".report.json";

    /// <summary>Reads one.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    internal static TrialReport? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(BareNumbers.Quoted(File.ReadAllBytes(file)), SweepJson.Default.TrialReport) is { Steps: { } steps } report
                && steps.All(step => step is { Metrics: not null })
                ? report
                : throw new InvalidDataException($"{file}: expected steps with metrics, found none");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}: expected steps with metrics, found: {error.Message}", error);
        }
    }

    /// <summary>All of a sweep in a folder. One that cannot be read is left out: a program that does not rename may be writing it.</summary>
    internal static IEnumerable<TrialReport> All(string folder, string? sweep)
    {
        foreach (var file in Directory.EnumerateFiles(folder, $"*{Ending}"))
        {
            TrialReport? report;
            try
            {
                report = Read(file);
            }
            catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (report is not null && report.Sweep == sweep)
            {
                yield return report;
            }
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    internal void Write(string file)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(this, SweepJson.Default.TrialReport);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                WholeFile.Write(file, json);
                return;
            }
            catch (IOException) when (attempt < 5 && OperatingSystem.IsWindows())
            {
                // There a file cannot be replaced in the moment in which another trial reads it.
                Thread.Sleep(20 * attempt);
            }
        }
    }

    /// <summary>
    /// What the trial had when it reached a rung; null if it has not. A program need not report every step: the first from the rung on counts.
    /// </summary>
    internal double? At(int rung, string metric) =>
        Steps.FirstOrDefault(step => step.Step >= rung) is { } reached && reached.Metrics.TryGetValue(metric, out var value) ? value : null;
}

/// <summary>What a trial measured on its way.</summary>
/// <param name="Step">After how many steps, mostly epochs.</param>
/// <param name="Metrics">Numbers by name.</param>
internal sealed record ReportedStep(int Step, IReadOnlyDictionary<string, double> Metrics);
