#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>What <c>Model.Loss</c> computes before the declared penalties. All are means over the batch.</summary>
public enum ObjectiveKind
{
    /// <summary>Softmax cross-entropy of logits against class indices (Int64) or probabilities. The default.</summary>
    CrossEntropy,

    /// <summary>Sigmoid cross-entropy of logits against targets in [0, 1].</summary>
    BinaryCrossEntropy,

    /// <summary><c>(y − t)²</c></summary>
    MeanSquaredError,

    /// <summary><c>|y − t|</c></summary>
    MeanAbsoluteError,

    /// <summary><c>(y − t)² / 2</c> where <c>|y − t| ≤ 1</c>, else <c>|y − t| − 1/2</c>.</summary>
    Huber,

    /// <summary>
    /// The divergence of a diagonal Gaussian from the standard one, <c>−½ Σ (1 + log σ² − μ² − σ²)</c> over the numbers of a sample (Kingma and Welling
    /// 2014). It is about two outputs, the means and the logarithms of the variances, and takes no target.
    /// </summary>
    KullbackLeibler,
}
