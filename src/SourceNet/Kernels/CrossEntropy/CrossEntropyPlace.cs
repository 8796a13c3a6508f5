namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Where softmax cross-entropy reads and writes. Logits are <c>[Rows, Classes]</c>.</summary>
internal unsafe struct CrossEntropyPlace
{
    internal float* Logits;

    /// <summary>A class of each row; null for probabilities.</summary>
    internal long* Classes64;

    /// <summary>Probabilities of the logits' shape; null for classes.</summary>
    internal float* Probabilities;

    /// <summary>A weight for each class; null for 1.</summary>
    internal float* ClassWeights;

    /// <summary>Where the gradient of the mean goes; null if nobody asks.</summary>
    internal float* Gradient;

    /// <summary>The loss of each chunk.</summary>
    internal double* Losses;

    internal long Rows;
    internal int Classes;
    internal int RowsPerChunk;

    /// <summary>The target of rows that do not count.</summary>
    internal long Ignored;

    /// <summary>The share of the target that goes to all classes alike.</summary>
    internal float Smoothing;

    /// <summary>What the sum of the losses is divided by: the rows that count, or their weights.</summary>
    internal double Divisor;

    internal readonly int Chunks => (int)((Rows + RowsPerChunk - 1) / RowsPerChunk);
}
