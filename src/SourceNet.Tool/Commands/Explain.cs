using SourceNet.Tool.Findings;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Inventory;
using SourceNet.Tool.Loading;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary><c>sourcenet explain</c>: the page of a rule, or a model as tables and as a graph.</summary>
internal static class Explain
{
    /// <exception cref="ToolException">There is no such rule or model.</exception>
    public static async Task<ExitCode> RunAsync(string what, string path, string configuration, IAnsiConsole console, CancellationToken cancellation)
    {
        if (what.Length == 6 && what.StartsWith("SN", StringComparison.OrdinalIgnoreCase) && !what.AsSpan(2).ContainsAnyExceptInRange('0', '9'))
        {
            console.Profile.Out.Writer.Write(Rules.Page(what)
                ?? throw new ToolException(
                    ExitCode.Usage,
                    $"{what}: expected a rule from {Rules.Descriptors[0].Id} to {Rules.Descriptors[^1].Id}, found none of that name"));
            return ExitCode.Clean;
        }

        var file = SolutionLoader.Find(path);
        var projects = await SolutionLoader.LoadAsync(file, configuration, cancellation);
        var models = InventoryReader.Read(projects, Path.GetDirectoryName(file)!, cancellation);
        var found = models.Where(model => model.Name == what || model.Name.EndsWith("." + what, StringComparison.Ordinal)).ToList();
        if (found.Count == 0)
        {
            var there = models.Count == 0 ? "there is no model" : $"there are {string.Join(", ", models.Select(model => model.Name).Take(20))}";
            throw new ToolException(ExitCode.Usage, $"{what}: expected a rule such as SN1001, or a model in {Path.GetFileName(file)}; {there}");
        }

        foreach (var model in found)
        {
            ModelText.Write(console, model);
        }

        return ExitCode.Clean;
    }
}
