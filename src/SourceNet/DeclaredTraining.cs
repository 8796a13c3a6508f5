namespace SourceNet;

/// <summary>What a model declares about its training; null where it says nothing. The <c>Trainer</c> of SourceNet.Training follows it.</summary>
public sealed record DeclaredTraining
{
    /// <summary>Nothing declared.</summary>
    public static DeclaredTraining None { get; } = new();

    /// <summary>What the moving average of the weights keeps of itself at each step, in (0, 1).</summary>
    public double? EmaDecay { get; init; }

    /// <summary>
    /// Whether the moving average keeps less of itself in its first steps, <c>min(decay, (1 + n) / (10 + n))</c> after n of them. Without it a short training
    /// ends mostly at the random weights that it began with.
    /// </summary>
    public bool EmaWarmUp { get; init; } = true;

    /// <summary>The share of the epochs after which the weights are averaged, in [0, 1).</summary>
    public double? SwaFrom { get; init; }

    /// <summary>The radius of sharpness-aware minimization, above 0.</summary>
    public double? SamRho { get; init; }

    /// <summary>The weight of the divergence between two forward passes, above 0.</summary>
    public double? RDrop { get; init; }

    /// <summary>The parameter of the Beta distribution of MixUp, above 0.</summary>
    public double? MixUp { get; init; }

    /// <summary>The parameter of the Beta distribution of CutMix, above 0.</summary>
    public double? CutMix { get; init; }

    /// <summary>For how many epochs without improvement training goes on, at least 1.</summary>
    public int? EarlyStoppingPatience { get; init; }
}
