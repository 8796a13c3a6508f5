using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Generators.Emission;

/// <summary>What stands between a layer's weight and its use: weight norm, spectral norm, DropConnect, in this order.</summary>
/// <param name="Role">Its name beside the layer's: <c>linear_weight_norm</c>.</param>
/// <param name="StartsFromWeight">Whether it is made from the weight, so that a field initializer cannot make it.</param>
internal sealed record WeightTransform(string Role, string Type, string Arguments, bool StartsFromWeight)
{
    /// <summary>The parts of the weight that have units of their own.</summary>
    public Dim Groups { get; init; } = 1;

    public static IEnumerable<WeightTransform> Of(Block block, PlacedLayer placed)
    {
        if (!placed.CanBeReparametrized)
        {
            yield break;
        }

        var transposed = placed.Layer as ConvolutionLayer is { Transposed: true } conv ? conv : null;
        var axis = transposed is null ? "" : ", unitAxis: 1";
        if (block.Rules.WeightNorm is not null)
        {
            yield return new("weight_norm", $"{TorchNames.Layers}.WeightNorm", axis, StartsFromWeight: true) { Groups = transposed?.Groups ?? 1 };
        }

        if (block.Rules.SpectralNorm is { } spectral)
        {
            var iterations = spectral.Strength.Value == 1 ? "" : $", iterations: {spectral.Strength.Text}";
            yield return new("spectral_norm", $"{TorchNames.Layers}.SpectralNorm", iterations + axis, StartsFromWeight: true);
        }

        if (block.Rules.DropConnect is { } connect)
        {
            yield return new("drop_connect", $"{TorchNames.Layers}.DropConnect", connect.Strength.CSharp, StartsFromWeight: false);
        }
    }
}
