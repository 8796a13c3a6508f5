namespace SourceNet.Kernels.Updates;

/// <summary>Squared L2 norms, of a parameter or a part of it.</summary>
/// <param name="Weight">Σ w²</param>
/// <param name="Direction">Σ u² of the direction that the step will take.</param>
internal readonly record struct SquaredLengths(double Weight, double Direction)
{
    public static SquaredLengths operator +(SquaredLengths left, SquaredLengths right) => new(left.Weight + right.Weight, left.Direction + right.Direction);
}
