using System.Globalization;
using System.Text.Json.Serialization;
using SourceNet.Modeling.Graph;

namespace SourceNet.Tool.Inventory;

/// <summary>A model and what regularizes it, or an augmentation, whose layers are its changes in their order.</summary>
/// <param name="Name">The class, with its namespace.</param>
/// <param name="Kind"><c>declared</c>, <c>hand-written</c> or <c>augmentation</c>.</param>
/// <param name="Path">The file, relative to the root.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="IsComplete">Whether every layer is known. What hand-written code does that cannot be followed is not.</param>
/// <param name="Input">The shape of one sample, if it is known.</param>
/// <param name="Output">The shape that comes out, if it is known.</param>
/// <param name="Parameters">The number of parameters as a number or an expression, if it is known.</param>
/// <param name="Layers">In the order of the forward pass.</param>
/// <param name="Regularization">Every regularizer, with who said so.</param>
/// <param name="Groups">The parameters that the optimizer treats alike; none for a hand-written model.</param>
internal sealed record ModelEntry(
    string Name, string Kind, string Path, int Line, bool IsComplete, string? Input, string? Output, string? Parameters,
    IReadOnlyList<LayerEntry> Layers, IReadOnlyList<RegularizerEntry> Regularization, IReadOnlyList<GroupEntry> Groups)
{
    /// <summary>What flows where; not written to files. An augmentation has none.</summary>
    [JsonIgnore]
    public LayerGraph? Graph { get; init; }
}

/// <param name="Path">Its path in the state_dict; empty for a function.</param>
/// <param name="Kind">What TorchSharp calls it.</param>
/// <param name="Details">Its settings.</param>
/// <param name="Output">The shape that comes out; null if it is not known.</param>
/// <param name="Parameters">The number of its parameters; null if it is not known.</param>
/// <param name="Fused">What one kernel computes together with it; empty if none does.</param>
/// <param name="NotFused">Why it is left to libtorch, in train mode at least; null if it is not, if it computes nothing, and for hand-written models.</param>
internal sealed record LayerEntry(string Path, string Kind, string Details, string? Output, string? Parameters, string Fused, string? NotFused)
{
    /// <summary>Both in a cell of a table.</summary>
    public string FusedOrWhyNot() => Fused.Length > 0 || NotFused is null ? Fused : $"no: {NotFused}";
}

/// <param name="Where">What it acts on.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Strength">How strong, as it is written.</param>
/// <param name="Provenance"><c>explicit</c>, <c>default</c>, <c>derived</c>, or <c>code</c> for hand-written models.</param>
/// <param name="StrengthByDefault">Of an expression over constructor parameters: its value where these have their default arguments, if they have.</param>
internal sealed record RegularizerEntry(string Where, string Kind, string Strength, string Provenance, double? StrengthByDefault = null)
{
    /// <summary>The strength as a number, if it is one; not written to files.</summary>
    [JsonIgnore]
    public double? Number { get; init; }

    public static RegularizerEntry Of(PlannedRegularizer planned, double? byDefault = null) =>
        new(planned.Where, planned.Kind.ToString(), planned.Strength.Text, planned.Provenance.ToString().ToLowerInvariant(), byDefault)
        {
            Number = planned.Strength.Value.Value
        };

    /// <summary>The strength for a person: <c>dropout (0.5 by default)</c>.</summary>
    public string StrengthText() => StrengthByDefault is { } value ? string.Create(CultureInfo.InvariantCulture, $"{Strength} ({value} by default)") : Strength;
}

/// <param name="Name">What it is called.</param>
/// <param name="Parameters">The number of parameters in it; null if it is not known.</param>
internal sealed record GroupEntry(string Name, string? Parameters);
