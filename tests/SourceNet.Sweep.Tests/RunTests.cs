using System.Diagnostics;
using System.Globalization;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Trials;

namespace SourceNet.Sweep.Tests;

public sealed class RunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_trial_leaves_its_metrics_and_the_results_are_means_over_the_seeds()
    {
        var (code, output, errors) = await Sweeps.ToolAsync("run", Sweeps.Write(folder, "threads", "\"cores\": 2,"), "--cores", "4");

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("4 trials, 0 of them done before", output, StringComparison.Ordinal);
        // Seeds 1 and 2: the mean is 10 · rate + 1.5, the deviation √½.
        Assert.Contains("│ 0    │     2 │ 1.50 ± 0.71 │       2 │", output, StringComparison.Ordinal);
        Assert.Contains("│ 0.5  │     2 │ 6.50 ± 0.71 │       2 │", output, StringComparison.Ordinal);
        Assert.Equal(
            "rate,seed,score,threads\r\n0,1,1,2\r\n0.5,1,6,2\r\n0,2,2,2\r\n0.5,2,7,2\r\n", await File.ReadAllTextAsync(folder.File("results/results.csv")));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(folder.File("results/results.png")))[..4]);
    }

    [Fact]
    public async Task What_has_a_result_is_not_run_again()
    {
        var file = Sweeps.Write(folder, "ok");
        Assert.Equal(0, (await Sweeps.ToolAsync("trial", file, "--index", "1")).ExitCode);
        var first = Assert.Single(Directory.GetFiles(folder.File("results/trials"), "*.out.json"));
        var written = File.GetLastWriteTimeUtc(first);

        var (code, output, _) = await Sweeps.ToolAsync("run", file);

        Assert.Equal(0, code);
        Assert.Contains("4 trials, 1 of them done before", output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Equal(4, Directory.GetFiles(folder.File("results/trials"), "*.out.json").Length);
    }

    [Fact]
    public async Task What_another_command_found_is_not_taken_for_a_result_and_stays()
    {
        Assert.Equal(0, (await Sweeps.ToolAsync("trial", Sweeps.Write(folder, "ok"), "--index", "1")).ExitCode);

        Assert.Contains("no results yet", (await Sweeps.ToolAsync("results", Sweeps.Write(folder, "threads"))).Output, StringComparison.Ordinal);
        Assert.Contains("4 trials, 0 of them done before", (await Sweeps.ToolAsync("run", Sweeps.Write(folder, "threads"))).Output, StringComparison.Ordinal);
        Assert.Contains("4 trials, 1 of them done before", (await Sweeps.ToolAsync("run", Sweeps.Write(folder, "ok"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_crashes_once_is_run_again_and_what_it_left_does_not_count()
    {
        var (code, output, errors) = await Sweeps.ToolAsync("run", Sweeps.Write(folder, "crash once"));

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal(4, output.Split("failed: exit code 7").Length - 1);
        Assert.Contains("4/4", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crash", "exit code 7: the last word")]
    [InlineData("nothing", "expected metrics in ")]
    [InlineData("garbage", ", found something else: ")]
    [InlineData("twice", ", found \"loss\" twice")]
    public async Task A_trial_that_fails_every_time_is_named_and_the_others_go_on(string behaviour, string reason)
    {
        var (code, output, errors) = await Sweeps.ToolAsync("run", Sweeps.Write(folder, behaviour, "\"retries\": 0,"));

        Assert.Equal(1, code);
        Assert.Contains("no results yet", output, StringComparison.Ordinal);
        Assert.Equal(4, errors.Split("failed: rate 0").Length - 1);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.Contains(".log)", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("greedy", "\"memoryMiB\": 300,", "MiB of memory, more than the 300 MiB of the sweep")]
    [InlineData("sleepy", "\"minutes\": 0.02,", "took longer than the 0.02 minutes of the sweep")]
    public async Task A_trial_that_takes_too_much_is_ended(string behaviour, string limit, string reason)
    {
        var file = Sweeps.Write(folder, behaviour, $"{limit} \"retries\": 0,");

        var (code, _, errors) = await Sweeps.ToolAsync("trial", file, "--index", "0").WaitAsync(TimeSpan.FromSeconds(50));

        Assert.Equal((1, ""), (code, errors));
        Assert.Contains(reason, await FailureAsync(file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_sweep_leaves_no_process_behind()
    {
        var sweep = SweepFile.Read(Sweeps.Write(folder, "sleepy"));
        using var stop = new CancellationTokenSource();
        var console = Spectre.Console.AnsiConsole.Create(new() { Out = new Spectre.Console.AnsiConsoleOutput(TextWriter.Null) });
        var run = new Runner(sweep, new LineProgress(sweep, console)).RunAsync([.. Enumerable.Range(0, sweep.Trials().Count)], 2, stop.Token);
        string[] started;
        while ((started = [.. Files("*.pid").Where(file => new FileInfo(file).Length > 0)]).Length < 2)
        {
            await Task.Delay(50);
        }

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        foreach (var file in started)
        {
            var id = int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
            Assert.DoesNotContain(Process.GetProcesses(), process => process.Id == id);
        }
    }

    [Fact]
    public async Task A_child_that_outlives_its_trial_is_ended_and_keeps_nobody_waiting()
    {
        var start = Stopwatch.GetTimestamp();

        var (code, _, errors) = await Sweeps.ToolAsync("trial", Sweeps.Write(folder, "parent"), "--index", "0").WaitAsync(TimeSpan.FromSeconds(50));

        Assert.Equal((0, ""), (code, errors));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 45);
        if (OperatingSystem.IsLinux())
        {
            var id = int.Parse(await File.ReadAllTextAsync(Assert.Single(Files("*.pid"))), CultureInfo.InvariantCulture);
            Assert.False(
                File.Exists($"/proc/{id}/status") && !(await File.ReadAllTextAsync($"/proc/{id}/status")).Contains("State:\tZ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_trial_that_a_killed_tool_left_running_is_ended_before_it_is_run_again()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var sweep = SweepFile.Read(Sweeps.Write(folder, "ok"));
        var files = TrialFiles.New(sweep, sweep.Trials()[0]);
        var start = new ProcessStartInfo("sleep", ["60"]) { UseShellExecute = false };
        start.Environment[Survivors.Variable] = Survivors.Mark(files);
        using var orphan = Process.Start(start)!;
        start.Environment[Survivors.Variable] = Survivors.Mark(TrialFiles.New(sweep, sweep.Trials()[1]));
        using var other = Process.Start(start)!;

        Assert.Null(await new TrialProcess(sweep).RunAsync(sweep.Trials()[0], CancellationToken.None));

        Assert.True(orphan.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.False(other.HasExited);
        other.Kill();
    }

    [Fact]
    public async Task Numbers_that_are_not_finite_are_results_written_as_Python_writes_them_too()
    {
        var (code, output, errors) = await Sweeps.ToolAsync("run", Sweeps.Write(folder, "python"));

        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("NaN", output, StringComparison.Ordinal);
        Assert.Equal(
            "rate,seed,loss,NaN,score\r\n0,1,NaN,-Infinity,1.5\r\n0.5,1,NaN,-Infinity,1.5\r\n0,2,NaN,-Infinity,1.5\r\n0.5,2,NaN,-Infinity,1.5\r\n",
            await File.ReadAllTextAsync(folder.File("results/results.csv")));
    }

    [Fact]
    public async Task Two_tools_on_one_sweep_run_every_trial_once()
    {
        var file = Sweeps.Write(folder, "count");

        var codes = await Task.WhenAll(
            Task.Run(() => Sweeps.ToolAsync("run", file, "--cores", "2")), Task.Run(() => Sweeps.ToolAsync("run", file, "--cores", "2")));

        Assert.All(codes, code => Assert.Equal((0, ""), (code.ExitCode, code.Errors)));
        Assert.Equal(4, Files("*.runs").Length);
        Assert.All(Files("*.runs"), runs => Assert.Equal("x", File.ReadAllText(runs)));
    }

    [Fact]
    public async Task A_parameter_that_is_added_with_the_value_of_every_trial_runs_nothing_anew()
    {
        Assert.Equal(0, (await Sweeps.ToolAsync("run", Sweeps.Write(folder, "ok"))).ExitCode);
        var text = await File.ReadAllTextAsync(folder.File("sweep.json"));
        folder.Write("sweep.json", text.Replace("\"optimizer\": \"AdamW\"", "\"mixup\": 0, \"optimizer\": \"AdamW\""));

        Assert.Contains("4 trials, 4 of them done before", (await Sweeps.ToolAsync("run", folder.File("sweep.json"))).Output, StringComparison.Ordinal);
        var added = text.Replace("\"optimizer\": \"AdamW\"", "\"mixup\": 0, \"optimizer\": \"AdamW\"");
        folder.Write("sweep.json", added.Replace("\"grids\": [ ", "\"grids\": [ { \"mixup\": [0.2] }, "));
        Assert.Contains("6 trials, 4 of them done before", (await Sweeps.ToolAsync("run", folder.File("sweep.json"))).Output, StringComparison.Ordinal);
        // The value of a parameter that was there is another trial.
        folder.Write("sweep.json", text.Replace("AdamW", "Adam"));
        Assert.Contains("4 trials, 0 of them done before", (await Sweeps.ToolAsync("run", folder.File("sweep.json"))).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null, 8, 1000, 8)]
    [InlineData(3, null, 8, 1000, 2)]
    [InlineData(1, 400, 8, 1000, 2)]
    public void As_many_trials_run_at_once_as_cores_and_memory_allow(int each, int? memory, int cores, long memoryMiB, int places)
    {
        var sweep = SweepFile.Read(Sweeps.Write(folder, "ok", $"\"cores\": {each}, {(memory is null ? "" : $"\"memoryMiB\": {memory},")}"));

        Assert.Equal(places, Runner.Places(sweep, cores, memoryMiB));
    }

    [Fact]
    public async Task A_trial_that_fits_nowhere_is_a_mistake()
    {
        var file = Sweeps.Write(folder, "ok", "\"cores\": 3, \"memoryMiB\": 50,");
        var (code, _, errors) = await Sweeps.ToolAsync("run", file, "--cores", "2", "--memory", "100");

        Assert.Equal((2, "error: expected room for a trial of 3 cores and 50 MiB, found 2 cores and 100 MiB\n"), (code, errors.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_mistake()
    {
        var text = await File.ReadAllTextAsync(Sweeps.Write(folder, "ok"));
        var file = folder.Write("sweep.json", text.Replace("\"exec\"", "\"x\"").Replace("\"command\": [", "\"command\": [\"no-such-program\", "));

        var (code, _, errors) = await Sweeps.ToolAsync("run", file);

        Assert.Equal(2, code);
        Assert.Contains("expected a program that can be started as the command, found \"no-such-program\"", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("-1")]
    public async Task An_index_outside_of_the_grid_is_a_mistake(string index)
    {
        var (code, _, errors) = await Sweeps.ToolAsync("trial", Sweeps.Write(folder, "ok"), "--index", index);

        Assert.Equal((2, $"error: expected an index from 0 to 3, found {index}\n"), (code, errors.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData]
    [InlineData("run")]
    [InlineData("emit", "pbs", "sweep.json")]
    [InlineData("emit", "slurm", "sweep.json", "--parallel", "0")]
    public async Task A_wrong_command_line_is_a_mistake(params string[] arguments) => Assert.Equal(2, (await Sweeps.ToolAsync(arguments)).ExitCode);

    private string[] Files(string pattern) => Directory.Exists(folder.File("results/trials")) ? Directory.GetFiles(folder.File("results/trials"), pattern) : [];

    private static async Task<string> FailureAsync(string file)
    {
        var sweep = SweepFile.Read(file);
        return (await new TrialProcess(sweep).RunAsync(sweep.Trials()[0], CancellationToken.None))!;
    }
}
