using System.Diagnostics;

namespace SourceNet.Kernels.CrossEntropy;

/// <summary>Where a kernel finds everything, and the numbers of the call.</summary>
internal unsafe struct CrossEntropyArguments
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

    /// <summary>What the class of an index weighs beside what smoothing gives to all: 1 − ε.</summary>
    internal float TargetWeight;

    /// <summary>What gradients are multiplied with: one by what the losses' sum is divided by.</summary>
    internal float Scale;

    /// <summary>What the kernel trusts.</summary>
    [Conditional("DEBUG")]
    internal readonly void Check()
    {
        Debug.Assert(Rows > 0 && Classes > 0 && RowsInChunk > 0, "There is a row and a class.");
        Debug.Assert(Logits is not null && Sums is not null, "The logits are dense float32 on the CPU, and each chunk has a sum.");
        Debug.Assert(Gradient is null || Classes <= int.MaxValue, "A row of the gradient is cleared as a span.");
    }
}
