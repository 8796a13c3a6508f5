using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Conversion;

/// <summary>Layers as the attributes that declare them.</summary>
internal static class LayerAttributeText
{
    /// <summary>The attribute without brackets; null for a layer that no attribute says exactly.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="hasBias">Whether it has a bias; null if that is not known.</param>
    /// <param name="name">Its name in the state_dict; null for a layer without a state.</param>
    /// <param name="next">The layer that follows in the block.</param>
    public static string? Of(Layer layer, bool? hasBias, string? name, Layer? next)
    {
        var parts = Parts(layer)?.ToList();
        if (parts is null || parts.Contains(""))
        {
            return null;
        }

        var kind = parts[0];
        var arguments = parts.Skip(1).ToList();
        if (layer is WeightedLayer)
        {
            if (hasBias is not { } bias)
            {
                return null;
            }

            // A norm that follows would take the bias away.
            if (!bias || next is NormLayer { RemovesBias: true })
            {
                arguments.Add($"Bias = {(bias ? "true" : "false")}");
            }
        }

        if (name is not null)
        {
            arguments.Add($"Name = \"{name}\"");
        }

        return arguments.Count == 0 ? kind : $"{kind}({string.Join(", ", arguments)})";
    }

    /// <summary>A size as an argument: a number, <c>nameof(width)</c> or an expression. Empty if it is not known.</summary>
    public static string Size(Dim size) => !size.IsKnown ? ""
        : size.Constant is not null ? size.ToString()
        : size.Symbols().ToList() is [var only] && size.ToString() == only ? $"nameof({only})"
        : $"\"{size}\"";

    private static IEnumerable<string>? Parts(Layer layer) => layer switch
    {
        LinearLayer { TiedTo: null } linear => ["Linear", Size(linear.OutFeatures)],
        ConvolutionLayer conv => Convolution(conv),
        NormLayer { Function: NormKind.Batch or NormKind.Layer or NormKind.Group or NormKind.Instance } norm => Norm(norm),
        ActivationLayer { Function: not (ActivationKind.None or ActivationKind.GLU), Settings.Count: 0 } activation => ["Activation", $"ActivationKind.{activation.Function}"],
        DropoutLayer { Kind: DropoutKind.Element } dropout => ["Dropout", Rate(dropout.Rate)],
        DropoutLayer { Kind: DropoutKind.Spatial } dropout => ["SpatialDropout", Rate(dropout.Rate)],
        DropoutLayer { Kind: DropoutKind.Alpha } dropout => ["AlphaDropout", Rate(dropout.Rate)],
        PoolLayer pool => Pool(pool),
        FlattenLayer => ["Flatten"],
        EmbeddingLayer { PaddingIndex: null } embedding => ["Embedding", Size(embedding.Count), Size(embedding.Width)],
        _ => null,
    };

    private static IEnumerable<string> Convolution(ConvolutionLayer conv)
    {
        yield return $"Conv{(conv.Transposed ? "Transpose" : "")}{conv.Rank}d";
        yield return Size(conv.OutChannels);
        yield return Setting("Kernel", conv.Kernel);
        foreach (var (name, window, usual) in new[] { ("Stride", conv.Stride, 1L), ("Padding", conv.Padding, 0L), ("Dilation", conv.Dilation, 1L), ("OutputPadding", conv.OutputPadding, 0L) })
        {
            if (window.Any(size => size.Constant != usual))
            {
                yield return Setting(name, window);
            }
        }

        if (conv.Groups.Constant != 1)
        {
            yield return Size(conv.Groups) is { Length: > 0 } groups ? $"Groups = {groups}" : "";
        }
    }

    private static IEnumerable<string> Norm(NormLayer norm)
    {
        yield return "Norm";
        yield return $"NormKind.{norm.Function}";
        if (norm.Eps != 1e-5)
        {
            yield return $"Eps = {Number(norm.Eps)}";
        }

        if (norm.Momentum != 0.1)
        {
            yield return $"Momentum = {Number(norm.Momentum)}";
        }

        if (norm.Function == NormKind.Group)
        {
            yield return Size(norm.Groups) is { Length: > 0 } groups ? $"Groups = {groups}" : "";
        }

        if (norm.Affine is { } affine && affine != (norm.Function != NormKind.Instance))
        {
            yield return $"Affine = {(affine ? "true" : "false")}";
        }
    }

    private static IEnumerable<string> Pool(PoolLayer pool)
    {
        yield return $"{(pool.Average ? "AveragePool" : "MaxPool")}{pool.Rank}d";
        yield return Window(pool.Kernel);
        if (pool.Stride != pool.Kernel)
        {
            yield return Setting("Stride", pool.Stride);
        }

        if (pool.Padding.Any(size => size.Constant != 0))
        {
            yield return Setting("Padding", pool.Padding);
        }

        if (pool.Dilation.Any(size => size.Constant != 1))
        {
            yield return pool.Average ? "" : Setting("Dilation", pool.Dilation);
        }

        if (pool.CeilMode)
        {
            yield return "CeilMode = true";
        }

        if (!pool.CountIncludePad)
        {
            yield return "CountIncludePad = false";
        }
    }

    private static string Setting(string name, EquatableArray<Dim> window) => Window(window) is { Length: > 0 } text ? $"{name} = {text}" : "";

    private static string Window(EquatableArray<Dim> window) => window.Any(size => !size.IsKnown) ? ""
        : window.Distinct().Count() == 1 ? Size(window[0])
        : window.All(size => size.Constant is not null) ? $"new[] {{ {string.Join(", ", window)} }}"
        : $"\"{string.Join(", ", window)}\"";

    /// <summary>1e-6, as people write it.</summary>
    private static string Number(double value) => Expression.Format(value).Replace("E-0", "e-").Replace("E", "e");

    private static string Rate(Rate rate) => rate.Value is { } value ? Number(value)
        : rate.Text.Contains("?") ? ""
        : rate.Text.All(c => char.IsLetterOrDigit(c) || c == '_') ? $"nameof({rate.Text})"
        : $"\"{rate.Text}\"";
}
