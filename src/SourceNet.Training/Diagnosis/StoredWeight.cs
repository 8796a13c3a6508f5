namespace SourceNet.Training;

/// <summary>What a weight takes to store, dense and as a compressed sparse matrix.</summary>
/// <param name="Path">Its path from the model.</param>
/// <param name="Elements">How many numbers it has.</param>
/// <param name="NonZeros">How many are not exactly 0.</param>
/// <param name="DenseBytes">The bytes of all numbers.</param>
/// <param name="SparseBytes">The bytes of its compressed sparse rows: each number that is not 0 with its column, and where each row starts.</param>
/// <param name="BreakEvenDensity">Below which density the sparse form is the smaller one, in [0, 1).</param>
public sealed record StoredWeight(string Path, long Elements, long NonZeros, long DenseBytes, long SparseBytes, double BreakEvenDensity)
{
    /// <summary>The share of the numbers that are not 0, in [0, 1]; 0 of nothing.</summary>
    public double Density => Elements == 0 ? 0 : (double)NonZeros / Elements;

    /// <summary>The bytes of the smaller form.</summary>
    public long SmallerBytes => Math.Min(DenseBytes, SparseBytes);
}
