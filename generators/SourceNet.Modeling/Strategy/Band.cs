namespace SourceNet.Modeling.Strategy;

/// <summary>How much augmentation a band asks for.</summary>
public enum AugmentationAdvice
{
    None,
    Yes,
    Heavy,
}

/// <summary>What a policy recommends for data sets of one order of size.</summary>
/// <param name="Below">The number of samples that the band ends before; null for the last one.</param>
/// <param name="Dropout">The rate in [0, 1).</param>
/// <param name="WeightDecay">The strength, at least 0.</param>
/// <param name="Normalization">Whether a deep model should normalize.</param>
public sealed record Band(long? Below, double Dropout, double WeightDecay, AugmentationAdvice Augmentation, bool Normalization);
