using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// What a batch looks like, to tell other data from the same: types and shapes, class indices bit for bit, and means of other numbers, which another processor
/// may round otherwise.
/// </summary>
/// <param name="Shapes">Types and shapes of inputs and targets.</param>
/// <param name="Indices">SHA-256 of those that are whole numbers; empty if none is.</param>
/// <param name="Means">The mean and the mean square of those that are not.</param>
internal sealed record BatchTraits(string Shapes, string Indices, double[] Means)
{
    private const double Tolerance = 1e-4;

    internal static BatchTraits Of(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        List<double> means = [];
        var isWhole = false;
        foreach (var tensor in new[] { batch.Inputs, batch.Targets })
        {
            var plain = tensor.detach().cpu().contiguous();
            if (plain.is_floating_point())
            {
                var wide = plain.to(ScalarType.Float64);
                means.AddRange([wide.mean().item<double>(), wide.mul(wide).mean().item<double>()]);
                continue;
            }

            isWhole = true;
            hash.AppendData(plain.bytes);
        }

        var shapes = $"{ClassTargets.Text(batch.Inputs)}, {ClassTargets.Text(batch.Targets)}";
        return new(shapes, isWhole ? Convert.ToHexString(hash.GetHashAndReset()) : "", [.. means]);
    }

    internal bool IsLike(BatchTraits? other) =>
        other is not null && Shapes == other.Shapes && Indices == other.Indices && Means.Length == other.Means.Length
        && Means.Zip(other.Means, (one, two) => one.Equals(two) || Math.Abs(one - two) <= Tolerance * Math.Max(Math.Abs(one), Math.Abs(two))).All(same => same);
}
