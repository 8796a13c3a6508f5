using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SourceNet.Tool.Findings;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary>The command line of <c>sourcenet</c>.</summary>
internal static class CommandLine
{
    private static readonly string[] s_formats = ["json", "sarif", "markdown", "junit"];

    public static async Task<int> RunAsync(string[] args, IAnsiConsole console, TextWriter errors)
    {
        var root = new RootCommand("Reviews the regularization of models: what is declared, what is missing, what is wrong.") { AuditCommand(console, errors), ExplainCommand(console, errors) };
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
        var path = new Argument<string>("path") { Description = "A solution, a C# project, or a folder with one.", DefaultValueFactory = _ => "." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "The build's configuration, which generators of the same solution were built in.", DefaultValueFactory = _ => "Debug" };
        var failOn = new Option<string>("--fail-on") { Description = "The least severity of a new finding that fails: error, warning, info or none.", DefaultValueFactory = _ => "warning" };
        failOn.AcceptOnlyFromAmong("error", "warning", "info", "none");
        var baseline = new Option<string?>("--baseline") { Description = "Findings in this file are known and fail nothing.", HelpName = "FILE" };
        var writeBaseline = new Option<string?>("--write-baseline") { Description = "Write the findings of now to this file and fail nothing.", HelpName = "FILE" };
        var outputs = s_formats.ToDictionary(format => format, format => new Option<string?>($"--{format}") { Description = $"Write the report to this file as {Name(format)}.", HelpName = "FILE" });
        var command = new Command("audit", "Runs every rule over what a build compiles, and lists the models with what regularizes them.") { path, configuration, failOn, baseline, writeBaseline };
        foreach (var option in outputs.Values)
        {
            command.Options.Add(option);
        }

        command.SetAction((result, cancellation) => GuardAsync(errors, () => Audit.RunAsync(
            new AuditSettings(
                result.GetRequiredValue(path),
                result.GetRequiredValue(configuration),
                Enum.TryParse<Severity>(result.GetRequiredValue(failOn), ignoreCase: true, out var severity) ? severity : null,
                outputs.Where(output => result.GetValue(output.Value) is not null).ToDictionary(output => output.Key, output => result.GetValue(output.Value)!),
                result.GetValue(baseline),
                result.GetValue(writeBaseline)),
            console,
            cancellation)));
        return command;
    }

    private static Command ExplainCommand(IAnsiConsole console, TextWriter errors)
    {
        var rule = new Argument<string>("rule") { Description = "A rule: SN1001." };
        var command = new Command("explain", "Shows the page of a rule.") { rule };
        command.SetAction((result, _) => GuardAsync(errors, () =>
        {
            var id = result.GetRequiredValue(rule);
            if (Rules.Page(id) is not { } page)
            {
                throw new ToolException(ExitCode.Usage, $"{id}: expected a rule from {Rules.Descriptors[0].Id} to {Rules.Descriptors[^1].Id}, found none of that name");
            }

            console.Profile.Out.Writer.Write(page);
            return Task.FromResult(ExitCode.Clean);
        }));
        return command;
    }

    private static async Task<int> GuardAsync(TextWriter errors, Func<Task<ExitCode>> run)
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
    }

    private static string Name(string format) => format switch { "json" => "JSON", "sarif" => "SARIF 2.1.0", "junit" => "JUnit XML", _ => "Markdown" };
}
