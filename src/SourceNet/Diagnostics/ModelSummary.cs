using System.Globalization;
using System.Text;

namespace SourceNet;

/// <summary>A model at a glance: its layers, their output shapes, parameters and regularizers.</summary>
/// <param name="Model">The name of the model's class.</param>
/// <param name="Rows">The layers in the order of the forward pass, those of models inside the model included; hand-written parts last.</param>
/// <param name="Parameters">How many numbers are learned or frozen, each shared parameter counted once.</param>
/// <param name="Trainable">How many of them have gradients.</param>
/// <param name="Bytes">The memory of parameters and buffers.</param>
/// <param name="Elsewhere">Regularizers that belong to no layer, like label smoothing: <c>objective: LabelSmoothing(0.1)</c>.</param>
/// <param name="Arguments">The values behind names in shapes and strengths: <c>dropout = 0.3</c>. May be empty.</param>
public sealed record ModelSummary(
    string Model, IReadOnlyList<SummaryRow> Rows, long Parameters, long Trainable, long Bytes, IReadOnlyList<string> Elsewhere, string Arguments)
{
    /// <summary>A table of plain text with the totals under it. Numbers are written the same way in every culture; lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var table = new TextTable(
            ("Layer", false), ("Kind", false), ("Details", false), ("Output", false), ("Parameters", true), ("Regularized by", false), ("Fused", false));
        foreach (var row in Rows)
        {
            table.Add(row.Path, row.Kind, row.Details, row.OutputShape, row.Parameters == 0 ? "" : Count(row.Parameters), row.RegularizedBy, row.Fused);
        }
        var text = new StringBuilder(Model);
        if (Arguments.Length > 0)
        {
            text.Append('(').Append(Arguments).Append(')');
        }
        text.Append("\n\n");
        table.WriteTo(text);
        text.Append('\n').Append(Count(Parameters)).Append(" parameters");
        if (Trainable != Parameters)
        {
            text.Append(", ").Append(Count(Trainable)).Append(" of them trainable");
        }
        text.Append(", ").Append(Memory(Bytes)).Append(" with buffers\n");
        foreach (var regularizer in Elsewhere)
        {
            text.Append(regularizer).Append('\n');
        }
        return text.ToString();
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Memory(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.0} GiB"),
    };
}
