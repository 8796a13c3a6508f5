using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text;
using SourceNet.Sweep.Clusters;
using SourceNet.Sweep.Grid;
using SourceNet.Sweep.Results;
using SourceNet.Sweep.Trials;
using SourceNet.Training;
using Spectre.Console;

namespace SourceNet.Sweep;

/// <summary>
/// The command line of <c>sourcenet-sweep</c>: 0 when all is done, 1 when trials failed, 2 for a mistake in the sweep or the command, 130 when interrupted.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter errors)
    {
        var root = new RootCommand("Runs a program over a grid of parameters and seeds, or searches for the best of them.")
        {
            Run(console, errors), One(console, errors), ShowResults(console, errors), ShowBest(console, errors), Emit(console, errors),
        };
        var parsed = root.Parse(args);
        var configuration = new InvocationConfiguration { Error = errors, Output = console.Profile.Out.Writer };
        if (parsed.Action is ParseErrorAction mistake)
        {
            mistake.ShowHelp = false;
            await parsed.InvokeAsync(configuration);
            return 2;
        }

        return await parsed.InvokeAsync(configuration);
    }

    private static Command Run(IAnsiConsole console, TextWriter errors)
    {
        var file = FileArgument();
        var cores = new Option<int>("--cores")
        {
            Description = "Cores that trials may use together.",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount
        };
        var memory = new Option<long>("--memory")
        {
            Description = "Memory in MiB that trials may use together. [default: what this machine has]",
            HelpName = "MIB",
            DefaultValueFactory = _ => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20
        };
        var stopped = StoppedOption();
        var command =
            new Command("run", "Runs the trials that have no result yet, here and in parallel, then writes the results.") { file, cores, memory, stopped };
        command.SetAction((result, cancellation) => GuardAsync(errors, async () =>
        {
            var sweep = SweepFile.Read(result.GetRequiredValue(file));
            var places = Runner.Places(sweep, result.GetRequiredValue(cores), result.GetRequiredValue(memory));
            Task<IReadOnlyDictionary<PlannedTrial, string>> RunAll(ISweepProgress progress) =>
                new Runner(sweep, progress, result.GetValue(stopped)).RunAsync([.. Enumerable.Range(0, new Plan(sweep).Count)], places, cancellation);
            var failures = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
                ? await LiveProgress.ShowAsync(console, sweep, RunAll)
                : await RunAll(new LineProgress(sweep, console));
            WriteResults(console, sweep);
            foreach (var (trial, failure) in failures)
            {
                await errors.WriteLineAsync($"failed: {trial.TextWithSeed(sweep.Varied())}: {failure} ({TrialFiles.Of(sweep, trial).Log})");
            }

            return failures.Count == 0 ? 0 : 1;
        }));
        return command;
    }

    private static Command One(IAnsiConsole console, TextWriter errors)
    {
        var file = FileArgument();
        var index = new Option<int>("--index") { Description = "The trial, from 0.", HelpName = "N", Required = true };
        var stopped = StoppedOption();
        var command = new Command("trial", "Runs one trial, unless it has a result: what jobs of a cluster call. A search that learns chooses its setting now.")
        {
            file,
            index,
            stopped
        };
        command.SetAction((result, cancellation) => GuardAsync(errors, async () =>
        {
            var sweep = SweepFile.Read(result.GetRequiredValue(file));
            var trials = new Plan(sweep).Count;
            var number = result.GetRequiredValue(index);
            if (number < 0 || number >= trials)
            {
                throw new SweepException($"expected an index from 0 to {trials - 1}, found {number}");
            }

            var failures = await new Runner(sweep, new LineProgress(sweep, console), result.GetValue(stopped)).RunAsync([number], 1, cancellation);
            return failures.Count;
        }));
        return command;
    }

    private static Command ShowResults(IAnsiConsole console, TextWriter errors)
    {
        var file = FileArgument();
        var command = new Command("results", "Shows what there is, and writes results.csv and results.png.") { file };
        command.SetAction((result, _) => GuardAsync(errors, () =>
        {
            WriteResults(console, SweepFile.Read(result.GetRequiredValue(file)));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command ShowBest(IAnsiConsole console, TextWriter errors)
    {
        var file = FileArgument();
        var command = new Command("best", "Prints how the program is called with the best setting, from the folder of the sweep's file.") { file };
        command.SetAction((result, _) => GuardAsync(errors, () =>
        {
            var sweep = SweepFile.Read(result.GetRequiredValue(file));
            if (sweep.Objective is null)
            {
                throw new SweepException($"{result.GetRequiredValue(file)}: expected a metric to \"minimize\" or to \"maximize\", found none");
            }

            var best = BestSetting.Of(sweep, SettingResult.Of(sweep, SettingResult.Measure(sweep)))
                ?? throw new SweepException($"expected a trial that is done and has a number as \"{sweep.Objective}\", found none yet");
            // Never wrapped: it is there to be copied, or run.
            console.Profile.Out.Writer.WriteLine(best.WriteCommandLine(sweep));
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command Emit(IAnsiConsole console, TextWriter errors)
    {
        var parallel = new Option<int?>("--parallel") { Description = "Trials at once at most.", HelpName = "N" };
        parallel.Validators.Add(option =>
        {
            if (option.GetValueOrDefault<int?>() < 1)
            {
                option.AddError("--parallel: expected at least 1.");
            }
        });
        var emit = new Command("emit", "Writes a file that runs the sweep on a cluster, beside the sweep's own.");
        emit.Add(Cluster("slurm", "A job array of Slurm.", "slurm", SlurmScript.Of));
        emit.Add(Cluster("k8s", "An indexed Job of Kubernetes.", "yaml", (sweep, file, most) => KubernetesJob.Of(sweep, file, most ?? 4)));
        return emit;

        Command Cluster(string name, string description, string extension, Func<SweepFile, string, int?, string> write)
        {
            var file = FileArgument();
            var command = new Command(name, description) { file, parallel };
            command.SetAction((result, _) => GuardAsync(errors, () =>
            {
                var path = result.GetRequiredValue(file);
                var sweep = SweepFile.Read(path);
                var target = Path.Combine(sweep.Folder, $"{sweep.Name}.{extension}");
                WholeFile.Write(target, Encoding.UTF8.GetBytes(write(sweep, Path.GetFileName(path), result.GetValue(parallel))));
                console.WriteLine(target);
                return Task.FromResult(0);
            }));
            return command;
        }
    }

    private static Option<bool> StoppedOption() => new("--stopped") { Description = "Also runs trials that were ended early to their end." };

    private static Argument<string> FileArgument() => new("sweep") { Description = "The JSON file of the sweep.", HelpName = "FILE" };

    private static void WriteResults(IAnsiConsole console, SweepFile sweep)
    {
        var outcomes = SettingResult.Measure(sweep);
        var results = SettingResult.Of(sweep, outcomes);
        if (results.All(result => result.Values.Count == 0))
        {
            console.WriteLine("no results yet");
            return;
        }

        ResultTable.Write(console, sweep, results);
        var folder = Path.GetFullPath(Path.Combine(sweep.Folder, sweep.Output));
        WholeFile.Write(Path.Combine(folder, "results.csv"), Encoding.UTF8.GetBytes(ResultTable.Csv(sweep, outcomes)));
        var plotted = sweep.Objective ?? sweep.Plot?.FirstOrDefault() ?? SettingResult.Metrics(outcomes)[0];
        WholeFile.Write(
            Path.Combine(folder, "results.png"),
            sweep.Search is { } search ? SearchPlot.Png(sweep, search, outcomes, plotted) : ResultPlot.Png(sweep, results));
        var best = BestSetting.Of(sweep, results);
        if (CurvePlot.Png(sweep, outcomes, best) is { } curves)
        {
            WholeFile.Write(Path.Combine(folder, "curves.png"), curves);
        }

        if (best is not null)
        {
            console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"best     {sweep.Objective} {best.Value:G4}: {best.Trial.TextWithSeed(sweep.Varied())}"));
            console.Profile.Out.Writer.WriteLine($"         {best.WriteCommandLine(sweep)}");
        }

        console.WriteLine($"results  {folder}");
    }

    private static async Task<int> GuardAsync(TextWriter errors, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error) when (error is SweepException or IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"error: {error.Message}");
            return 2;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted. The results so far stay; run the command again to go on.");
            return 130;
        }
    }
}
