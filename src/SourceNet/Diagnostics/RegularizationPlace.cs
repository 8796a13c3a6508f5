#if SOURCENET_MODELING // The compiler's components have the same enum, from this file.
namespace SourceNet.Modeling;
#else
namespace SourceNet;
#endif

/// <summary>Where a regularizer acts.</summary>
public enum RegularizationPlace
{
    /// <summary>On activations, in the forward pass.</summary>
    Forward,
    /// <summary>On weights, in the forward pass: what a layer computes with is made from its weight.</summary>
    Reparametrization,
    /// <summary>On weights, in the step of the optimizer or right after it.</summary>
    Step,
    /// <summary>On the loss.</summary>
    Objective,
    /// <summary>On the gradients, before the step of the optimizer.</summary>
    Gradients,
    /// <summary>On the batches that the training loop draws.</summary>
    Data,
    /// <summary>On the training loop.</summary>
    Training,
}
