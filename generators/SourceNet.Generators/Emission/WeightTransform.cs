using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Regularizers;
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
        var declared = block.Regularizers.Entries.Select(entry => (entry, regularizer: RegularizerCatalogue.Of(entry.Kind) as Reparametrization));
        foreach (var (entry, regularizer) in declared.OrderBy(item => item.regularizer is { StartsFromWeight: false }))
        {
            if (regularizer is null)
            {
                continue;
            }

            var axis = transposed is not null && regularizer.DecidesScale ? ", unitAxis: 1" : "";
            var arguments = regularizer.Arguments(entry.Strength.Value) + axis;
            yield return new(regularizer.Role, $"{TorchNames.CompilerServices}.{regularizer.Module}", arguments, regularizer.StartsFromWeight)
            {
                Groups = regularizer.IsPerUnit ? transposed?.Groups ?? 1 : 1,
            };
        }
    }
}
