using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Generators.Emission;

/// <summary>Writes the call of one kernel for several layers, and the comment that says what is fused.</summary>
internal sealed class FusedCall(ModelScope scope, Block block)
{
    /// <summary>What the field of a folded batch norm is called after the norm.</summary>
    public const string Folded = "folded";

    /// <param name="step">A step of the block, not one of a module.</param>
    /// <param name="x">The tensor that the step starts from.</param>
    public string Expression(FusedStep step, string x)
    {
        var layers = block.Layers.Skip(step.First).Take(step.Count).ToList();
        var norm = layers.FirstOrDefault(placed => placed.Layer is NormLayer);
        var dropout = layers.FirstOrDefault(placed => placed.Layer is DropoutLayer);
        var activation = Activation(layers.Select(placed => placed.Layer).OfType<ActivationLayer>().FirstOrDefault());
        string?[] arguments = step.Kernel switch
        {
            FusedKernel.BatchNorm when step.FoldedInto.Length > 0 =>
                [x, Field(layers[0]), Field(norm), scope.Field(block.Declaration.MethodName, norm!.Name, Folded), activation, Field(dropout)],
            FusedKernel.Activation => [x, activation, Field(dropout)],
            FusedKernel.Dropout => [x, Field(dropout)],
            FusedKernel.DropPath => [block.Declaration.Parameter, x, Field(layers[0])],
            _ => [x, Field(norm), activation, Field(dropout)],
        };
        var method = step.Kernel switch
        {
            FusedKernel.BatchNorm when step.FoldedInto.Length > 0 => "FoldedBatchNorm",
            FusedKernel.DropPath => "AddDropPath",
            _ => step.Kernel.ToString(),
        };
        return $"{TorchNames.Fused}.{method}({string.Join(", ", arguments.Where(argument => argument is not null))})";
    }

    /// <summary>What of the block is fused, what is not, and why; empty if nothing in it could be.</summary>
    public string Comment()
    {
        var steps = block.Fusion.Steps.Select(step => step.FoldedInto.Length > 0 ? $"{step.Text} (in eval mode folded into {step.FoldedInto})" : step.Text).ToList();
        var rest = block.Fusion.Rest.GroupBy(layer => layer.Reason).Select(group => $"{string.Join(", ", group.Select(layer => layer.Kind).Distinct())} ({group.Key})").ToList();
        return string.Join(" ", new[] { Sentence("Fused", steps), Sentence("Not fused", rest) }.Where(sentence => sentence.Length > 0));

        static string Sentence(string head, IReadOnlyList<string> parts) => parts.Count == 0 ? "" : $"{head}: {string.Join("; ", parts)}.";
    }

    private string? Field(PlacedLayer? placed) => placed is null ? null : scope.Field(block, placed);

    private static string Activation(ActivationLayer? activation)
    {
        var name = activation switch
        {
            null => "Identity",
            { Function: ActivationKind.GELU, Approximate: true } => "GELUTanh",
            _ => activation.Function.ToString(),
        };
        var settings = activation is null ? [] : activation.Numbers.Select(LayerModule.Number);
        return $"new {TorchNames.Activations}.{name}({string.Join(", ", settings)})";
    }
}
