using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text;
using SourceNet.Tool.Baselines;
using SourceNet.Tool.Comparison;
using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary>The command line of <c>sourcenet</c>.</summary>
internal static class CommandLine
{
    private static readonly string[] s_formats = ["json", "sarif", "markdown", "html", "junit"];

    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter errors)
    {
        var root = new RootCommand("Reviews the regularization of models: what is declared, what is missing, what is wrong.")
        {
            AuditCommand(console, errors), MergeCommand(console, errors), DiffCommand(console, errors), ExplainCommand(console, errors),
            ConvertCommand(console, errors),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction mistake)
        {
            mistake.ShowHelp = false;
            await parsed.InvokeAsync(new InvocationConfiguration { Error = errors, Output = console.Profile.Out.Writer });
            return (int)ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { Error = errors, Output = console.Profile.Out.Writer });
    }

    private static Command AuditCommand(IAnsiConsole console, TextWriter errors)
    {
        var path = PathArgument();
        var configuration = ConfigurationOption();
        var policy = new Option<string?>("--policy") { Description = "What the team asks of every model; what breaks it is a finding.", HelpName = "FILE" };
        var command = new Command("audit", "Runs every rule over what a build compiles, and lists the models with what regularizes them.")
        {
            path,
            configuration,
            policy
        };
        var report = ReportOptions(command);
        command.SetAction((result, cancellation) => GuardAsync(errors, () =>
            Audit.RunAsync(
                new AuditSettings(result.GetRequiredValue(path), result.GetRequiredValue(configuration), result.GetValue(policy), report(result)),
                console,
                cancellation)));
        return command;
    }

    private static Command MergeCommand(IAnsiConsole console, TextWriter errors)
    {
        var logs = new Argument<string[]>("logs")
        {
            Description = "SARIF files that the compiler wrote, or folders with some.",
            Arity = ArgumentArity.OneOrMore
        };
        var root = new Option<string>("--root") { Description = "The folder that paths are relative to.", HelpName = "DIR", DefaultValueFactory = _ => "." };
        root.Validators.Add(option =>
        {
            // What an unset variable of a pipeline leaves.
            if (option.GetValueOrDefault<string>() is null or "")
            {
                option.AddError("--root: expected a folder, found nothing.");
            }
        });
        var command = new Command("merge", "Joins what the compiler found in each project, without loading the solution: build with -p:SourceNetSarif=DIR.")
        {
            logs,
            root
        };
        var report = ReportOptions(command);
        command.SetAction((result, _) => GuardAsync(errors, () =>
        {
            var settings = report(result);
            var baseline = settings.Baseline is { } known ? Baseline.Read(known) : null;
            var folder = Path.GetFullPath(result.GetRequiredValue(root));
            var files = CompilerLogs.Find(result.GetRequiredValue(logs));
            return Task.FromResult(Reporting.Write(
                settings,
                console,
                Path.GetFileName(folder),
                [.. files.Select(file => Path.GetFileNameWithoutExtension(file)!)],
                [],
                CompilerLogs.Read(files, folder),
                baseline));
        }));
        return command;
    }

    private static Command ExplainCommand(IAnsiConsole console, TextWriter errors)
    {
        var what = new Argument<string>("what") { Description = "A rule, SN1001, or the class of a model." };
        var path = new Option<string>("--path")
        {
            Description = "The solution, project or folder with the model.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "."
        };
        var configuration = ConfigurationOption();
        var command = new Command("explain", "Shows the page of a rule, or the layers, regularizers and graph of a model.") { what, path, configuration };
        command.SetAction((result, cancellation) => GuardAsync(errors, () => Explain.RunAsync(
            result.GetRequiredValue(what),
            result.GetRequiredValue(path),
            result.GetRequiredValue(configuration),
            console,
            cancellation)));
        return command;
    }

    private static Command DiffCommand(IAnsiConsole console, TextWriter errors)
    {
        var older = new Argument<string>("old") { Description = "The report of an audit, written with --json." };
        var newer = new Argument<string>("new") { Description = "The report of a later one." };
        var markdown = new Option<string?>("--markdown") { Description = "Write what changed to this file, for a pull request.", HelpName = "FILE" };
        var exitCode = new Option<bool>("--exit-code") { Description = "Exit with 1 if anything changed." };
        var command = new Command("diff", "Shows what changed in the regularization between two audits.") { older, newer, markdown, exitCode };
        command.SetAction((result, _) => GuardAsync(errors, () =>
        {
            var difference = AuditDifference.Of(JsonFormat.Read(result.GetRequiredValue(older)), JsonFormat.Read(result.GetRequiredValue(newer)));
            console.Profile.Out.Writer.Write(DifferenceText.Plain(difference));
            if (result.GetValue(markdown) is { } file)
            {
                OutputFile.Write(file, Encoding.UTF8.GetBytes(DifferenceText.Markdown(difference)));
            }

            return Task.FromResult(result.GetValue(exitCode) && !difference.IsEmpty ? ExitCode.Findings : ExitCode.Clean);
        }));
        return command;
    }

    private static Command ConvertCommand(IAnsiConsole console, TextWriter errors)
    {
        var file = new Argument<string>("file") { Description = "The C# file with the module." };
        var type = new Option<string>("--type") { Description = "The class of the module.", HelpName = "NAME", Required = true };
        var configuration = ConfigurationOption();
        var input = new Option<string?>("--input")
        {
            Description = "The shape of one sample, without the batch, for a model whose layers do not say it: \"3, 32, 32\".",
            HelpName = "SIZES"
        };
        var writes = new Option<bool>("--write") { Description = "Change the file. Without it the new text is shown." };
        var command = new Command(
            "convert",
            "Writes a hand-written module as a declared model that computes the same and has the same names in its state_dict.")
        {
            file,
            type,
            input,
            configuration,
            writes
        };
        command.SetAction((result, cancellation) => GuardAsync(errors, () =>
            ConvertModel.RunAsync(
                result.GetRequiredValue(file),
                result.GetRequiredValue(type),
                result.GetValue(input),
                result.GetRequiredValue(configuration),
                result.GetValue(writes),
                console,
                errors,
                cancellation)));
        return command;
    }

    private static Argument<string> PathArgument() =>
        new("path") { Description = "A solution, a C# project, or a folder with one.", DefaultValueFactory = _ => "." };

    private static Option<string> ConfigurationOption() => new("--configuration", "-c")
    {
        Description = "The build's configuration, which generators of the same solution were built in.",
        DefaultValueFactory = _ => "Debug"
    };

    /// <summary>Adds the options that every command with findings has.</summary>
    private static Func<ParseResult, ReportSettings> ReportOptions(Command command)
    {
        var failOn = new Option<string>("--fail-on")
        {
            Description = "The least severity of a new finding that fails: error, warning, info or none.",
            DefaultValueFactory = _ => "warning"
        };
        failOn.AcceptOnlyFromAmong("error", "warning", "info", "none");
        var baseline = new Option<string?>("--baseline") { Description = "Findings in this file are known and fail nothing.", HelpName = "FILE" };
        var writeBaseline = new Option<string?>("--write-baseline")
        {
            Description = "Write the findings of now to this file and fail nothing.",
            HelpName = "FILE"
        };
        var outputs = s_formats.ToDictionary(
            format => format,
            format => new Option<string?>($"--{format}") { Description = $"Write the report to this file as {Name(format)}.", HelpName = "FILE" });
        foreach (var option in new Option[] { failOn, baseline, writeBaseline }.Concat(outputs.Values))
        {
            command.Options.Add(option);
        }

        return result => new(
            Enum.TryParse<Severity>(result.GetRequiredValue(failOn), ignoreCase: true, out var severity) ? severity : null,
            outputs.Where(output => result.GetValue(output.Value) is not null).ToDictionary(output => output.Key, output => result.GetValue(output.Value)!),
            result.GetValue(baseline),
            result.GetValue(writeBaseline));
    }

    /// <summary>Runs a command: what the user can change is one line, and no exception gets out.</summary>
    internal static async Task<int> GuardAsync(TextWriter errors, Func<Task<ExitCode>> run)
    {
        try
        {
            return (int)await run();
        }
        catch (ToolException error)
        {
            await errors.WriteLineAsync($"error: {error.Message}");
            return (int)error.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Interrupted. Nothing was written.");
            return (int)ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            // Whatever else goes wrong is no verdict: 1 would say that there are findings.
            await errors.WriteLineAsync($"error: sourcenet itself failed, which says nothing about the code. Please report this:{Environment.NewLine}{error}");
            return (int)ExitCode.AnalysisFailed;
        }
    }

    private static string Name(string format) =>
        format switch { "json" => "JSON", "sarif" => "SARIF 2.1.0", "junit" => "JUnit XML", "html" => "one HTML page", _ => "Markdown" };
}
