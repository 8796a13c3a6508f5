namespace SourceNet.Training;

/// <summary>Mirrors an image, left to right, with probability p.</summary>
/// <param name="p">In [0, 1].</param>
/// <exception cref="ArgumentOutOfRangeException">Not a probability.</exception>
public sealed class RandomHorizontalFlip(double p = 0.5)
{
    /// <summary>The probability.</summary>
    public double P { get; } = Probability.Check(p);

    internal bool Draw(RandomKey key) => key.Stream(RandomPurpose.Flip).Chance(P);
}
