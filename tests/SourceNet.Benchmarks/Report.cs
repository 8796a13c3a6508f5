using System.Globalization;
using System.Text.Json;
using TorchSharp;

namespace SourceNet.Benchmarks;

/// <summary>Measures rows and prints them as a Markdown table while it goes.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    internal static int Run(IReadOnlyList<Row> rows, Options options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        Row[] chosen = [.. rows.Where(row => $"{row.Name} {row.Against}".Contains(options.Filter, StringComparison.OrdinalIgnoreCase))];
        if (chosen.Length == 0)
        {
            Console.Error.WriteLine($"No row contains '{options.Filter}'. There are: {string.Join(", ", rows.Select(row => row.Name).Distinct())}.");
            return 2;
        }

        var keepsMemory = options.KeepsMemory && NativeAllocator.KeepFreedMemory();
        Console.WriteLine($"{Machine.Description}, freed memory {(keepsMemory ? "kept" : "given back")}");
        Console.WriteLine();
        Console.WriteLine("| kernel | against | its best, ms | kernel's best, ms | ratio of the best | median ratio | lowest ratio | goal | |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|---|");
        List<object> results = [];
        foreach (var row in chosen)
        {
            var measured = Measure(row, options.Seconds);
            Console.WriteLine(Line(row, measured));
            results.Add(
                new { row.Name, row.Against, row.Goal, measured.Rounds, measured.OtherSeconds, measured.KernelSeconds, measured.BestRatio, measured.MedianRatio, measured.MinRatio });
        }

        if (options.Json is { } path)
        {
            File.WriteAllText(
                path,
                JsonSerializer.Serialize(new { Machine = Machine.Description, Measured = DateTimeOffset.UtcNow, Rows = results }, s_indented));
        }

        return 0;
    }

    private static Measurement Measure(Row row, double seconds)
    {
        // TorchSharp's optimizers leave the state of their parameters to the garbage collector, which does not see gigabytes of native memory.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var contest = row.Setup();
        return Stopwatches.Measure(contest, seconds);
    }

    private static string Line(Row row, Measurement measured)
    {
        var verdict = row.Goal is not { } goal ? "" : measured.BestRatio < goal ? "missed" : measured.MedianRatio < goal ? "reached by the best" : "reached";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Name} | {row.Against} | {1e3 * measured.OtherSeconds:0.###} | {1e3 * measured.KernelSeconds:0.###} | {measured.BestRatio:0.00} | "
                + $"{measured.MedianRatio:0.00} | {measured.MinRatio:0.00} | {row.Goal:0.00} | {verdict} |");
    }
}
