using System.Globalization;
using System.Text;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Tool.Inventory;
using Spectre.Console;

namespace SourceNet.Tool.Formats;

/// <summary>One model for a person: its layers, what regularizes them, and what flows where as a Mermaid flow chart.</summary>
internal static class ModelText
{
    public static void Write(IAnsiConsole console, ModelEntry model)
    {
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[bold]{model.Name}[/]  {model.Kind}, {model.Path}:{model.Line}{(model.Parameters is { } count ? $", {count} parameters" : "")}");
        if (!model.IsComplete)
        {
            console.WriteLine("Not all of it can be read from its code.");
        }

        Table(
            console,
            ["layer", "what", "settings", "comes out", "parameters", "fused"],
            model.Layers.Select(layer => new[] { layer.Path, layer.Kind, layer.Details, layer.Output ?? "", layer.Parameters ?? "", layer.FusedOrWhyNot() }));
        Table(
            console,
            ["regularized", "by", "strength", "who says so"],
            model.Regularization.Select(entry => new[] { entry.Where, entry.Kind, entry.StrengthText(), entry.Provenance }));
        Table(console, ["parameters that the optimizer treats alike", "number"], model.Groups.Select(group => new[] { group.Name, group.Parameters ?? "" }));
        if (model.Graph is { } graph)
        {
            console.Profile.Out.Writer.Write(Mermaid(graph));
        }
    }

    /// <summary>A flow chart, in the fence in which Markdown pages draw it.</summary>
    public static string Mermaid(LayerGraph graph)
    {
        var text = new StringBuilder("```mermaid\nflowchart TD\n");
        for (var node = 0; node < graph.Nodes.Count; node++)
        {
            var shape = graph.Nodes[node].Output is { IsKnown: true } output ? $"<br/>{output}" : "";
            text.Append(CultureInfo.InvariantCulture, $"    n{node}[\"{Escape(GraphText.Step(graph, node))}{shape}\"]\n");
            foreach (var input in graph.Nodes[node].Inputs)
            {
                text.Append(CultureInfo.InvariantCulture, $"    n{input} --> n{node}\n");
            }
        }

        foreach (var output in graph.Outputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"    n{output} --> out([output])\n");
        }

        return text.Append("```\n").ToString();
    }

    private static string Escape(string text) => text.Replace("\"", "#quot;", StringComparison.Ordinal).Replace("<", "#lt;", StringComparison.Ordinal);

    private static void Table(IAnsiConsole console, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().RoundedBorder().AddColumns([.. columns.Select(Markup.Escape)]);
        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        if (table.Rows.Count > 0)
        {
            console.Write(table);
        }
    }
}
