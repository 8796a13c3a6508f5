using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>How many parameters of a model are exactly 0, and how many are near it, by layer and in total. Print it to see the table.</summary>
/// <remarks>
/// Only exact zeros can be left out of a file or of a computation. Values near 0 are what subgradient steps of an L1 penalty end in; the proximal step gives
/// exact zeros.
/// </remarks>
public sealed class Sparsity
{
    private Sparsity(double threshold, IReadOnlyList<LayerSparsity> layers)
    {
        (Threshold, Layers) = (threshold, layers);
        Total = new("total", layers.Aggregate(default(ZeroCount), (sum, layer) => sum + layer.Weights), layers.Aggregate(default(ZeroCount), (sum, layer) => sum
            + layer.All));
    }

    /// <summary>Below which absolute value a parameter is near 0.</summary>
    public double Threshold { get; }

    /// <summary>The layers that have parameters, in order of registration. A shared parameter counts where it comes first.</summary>
    public IReadOnlyList<LayerSparsity> Layers { get; }

    /// <summary>All layers together.</summary>
    public LayerSparsity Total { get; }

    /// <summary>Counts the zeros of a model.</summary>
    /// <param name="model">The model. It stays as it is.</param>
    /// <param name="threshold">Below which absolute value a parameter is near 0; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A threshold that is not above 0.</exception>
    public static Sparsity Of(nn.Module model, double threshold = 1e-3)
    {
        if (!(threshold > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold must be above 0.");
        }

        var layers = LayerParameter.In(model).GroupBy(parameter => parameter.Layer).Select(layer => Count([.. layer], threshold));
        return new Sparsity(threshold, [.. layers]);
    }

    /// <summary>A table of plain text, one line for each layer. Lines end in <c>\n</c>.</summary>
    public override string ToString()
    {
        var near = string.Create(CultureInfo.InvariantCulture, $"< {Threshold}");
        var table = new TextTable(("Layer", false), ("Weights", true), ("Zero", true), (near, true), ("All", true), ("Zero", true), (near, true));
        foreach (var layer in Layers.Append(Total))
        {
            table.Add([layer.Path, .. Cells(layer.Weights), .. Cells(layer.All)]);
        }

        var text = new StringBuilder();
        table.WriteTo(text);
        return text.ToString();
    }

    private static string[] Cells(ZeroCount count) => count.Parameters == 0 ? ["", "", ""] :
    [
        count.Parameters.ToString("N0", CultureInfo.InvariantCulture),
        count.ZeroShare.ToString("P1", CultureInfo.InvariantCulture),
        count.NearZeroShare.ToString("P1", CultureInfo.InvariantCulture),
    ];

    private static LayerSparsity Count(LayerParameter[] parameters, double threshold)
    {
        var (weights, all) = (default(ZeroCount), default(ZeroCount));
        foreach (var parameter in parameters)
        {
            var count = Count(parameter, threshold);
            all += count;
            weights += parameter.IsWeight ? count : default;
        }

        return new LayerSparsity(parameters[0].Layer, weights, all);
    }

    private static ZeroCount Count(LayerParameter parameter, double threshold)
    {
        using var scope = NewDisposeScope();
        using var limit = threshold.ToScalar();
        var magnitudes = parameter.Magnitudes();
        var elements = magnitudes.numel();
        return new ZeroCount(elements, elements - magnitudes.count_nonzero().item<long>(), magnitudes.lt(limit).count_nonzero().item<long>());
    }
}
