namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Where a kernel finds everything, and the numbers of the call.</summary>
internal unsafe struct CrossEntropyPlace
{
    internal float* Logits;

    /// <summary>Where the gradient goes; null for nowhere.</summary>
    internal float* Gradient;

    /// <summary>The class of each row; null if the targets are probabilities.</summary>
    internal long* Indices;

    /// <summary>The weight of each class; null if all are 1.</summary>
    internal float* ClassWeights;

    /// <summary>A sum of losses for each chunk.</summary>
    internal double* Sums;

    internal long Rows;
    internal long Classes;
    internal long RowsInChunk;
    internal long IgnoreIndex;

    /// <summary>1 − ε</summary>
    internal float Peak;

    /// <summary>What gradients are multiplied with: one by what the losses' sum is divided by.</summary>
    internal float Scale;
}
