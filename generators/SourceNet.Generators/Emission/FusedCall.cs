using SourceNet.Modeling;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;

namespace SourceNet.Generators.Emission;

/// <summary>Writes the call of one kernel for several layers, and the comment that says what is fused.</summary>
internal sealed class FusedCall(ModelScope scope, Block block)
{
    /// <summary>What the field of a folded batch norm is called after the norm.</summary>
    public const string Folded = "folded";

    /// <param name="step">A step of the block, neither one of a module nor one with the sum.</param>
    /// <param name="x">The tensor that the step starts from.</param>
    public string Expression(FusedStep step, string x)
    {
        if (step.FoldedInto.Length == 0)
        {
            return $"{TorchNames.Fused}.{step.Kernel}({string.Join(", ", Arguments(step).Prepend(x))})";
        }

        var product = block.Layers[step.First];
        var (norm, activation, dropout) = Parts(step);
        var folded = scope.Field(block.Declaration.MethodName, norm!.Name, Folded);
        return $"{TorchNames.Fused}.FoldedBatchNorm({string.Join(", ", new[] { x, Field(product), Field(norm), folded, Activation(activation), Field(dropout) }.OfType<string>())})";
    }

    /// <summary>The first step of a block together with the sum before it.</summary>
    /// <param name="step">A norm, an activation, or both.</param>
    /// <param name="sum">The open sum.</param>
    /// <param name="x">What the sum is called that the block's own residual goes on from; null if it has none.</param>
    public string WithSum(FusedStep step, string sum, string? x) =>
        $"{sum}.{step.Kernel}({string.Join(", ", Arguments(step).Prepend(x is null ? null : $"out var {x}").OfType<string>())})";

    /// <summary>What follows the sum of the block's own residual, together with that.</summary>
    /// <param name="step">A norm, an activation, or both.</param>
    /// <param name="x">The block's input.</param>
    /// <param name="body">What its body made.</param>
    /// <param name="dropPath">The layer that skips the body, if there is one.</param>
    public string AfterSum(FusedStep step, string x, string body, string? dropPath)
    {
        var name = step.Kernel == FusedKernel.Activation ? "AddActivation" : $"{step.Kernel}OfSum";
        var arguments = Arguments(step).Prepend(body).Prepend(x);
        return $"{TorchNames.Fused}.{name}({string.Join(", ", dropPath is null ? arguments : arguments.Append($"dropPath: {dropPath}"))})";
    }

    /// <summary>What the kernel takes besides its tensor.</summary>
    private IEnumerable<string> Arguments(FusedStep step)
    {
        var (norm, activation, dropout) = Parts(step);
        return new[] { Field(norm), step.Kernel == FusedKernel.Dropout ? null : Activation(activation), Field(dropout) }.OfType<string>();
    }

    private (PlacedLayer? Norm, ActivationLayer? Activation, PlacedLayer? Dropout) Parts(FusedStep step)
    {
        var layers = block.Layers.Skip(step.First).Take(step.Count).ToList();
        return (
            layers.Find(placed => placed.Layer is NormLayer),
            layers.Select(placed => placed.Layer).OfType<ActivationLayer>().FirstOrDefault(),
            layers.Find(placed => placed.Layer is DropoutLayer));
    }

    /// <summary>What of the block is fused, what is not, and why; empty if nothing in it could be.</summary>
    public string Comment()
    {
        var steps = block.Fusion.Steps
            .Select(step => step.FoldedInto.Length > 0 ? $"{step.Text} (in eval mode folded into {step.FoldedInto})" : step.Text)
            .ToList();
        var rest = block.Fusion.Rest
            .GroupBy(layer => layer.Reason)
            .Select(group => $"{string.Join(", ", group.Select(layer => layer.Kind).Distinct())} ({group.Key})")
            .ToList();
        return string.Join(" ", new[] { Sentence("Fused", steps), Sentence("Not fused", rest) }.Where(sentence => sentence.Length > 0));

        static string Sentence(string head, IReadOnlyList<string> parts) => parts.Count == 0 ? "" : $"{head}: {string.Join("; ", parts)}.";
    }

    private string? Field(PlacedLayer? placed) => placed is null ? null : scope.Field(block, placed);

    internal static string Activation(ActivationLayer? activation)
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
