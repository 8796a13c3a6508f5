using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>What an operation is given to compute the gradients of its inputs from.</summary>
/// <param name="gradients">Of each output: contiguous, or null if the output was not used.</param>
/// <param name="inputs">As given to the operation.</param>
/// <param name="kept">What the forward pass kept.</param>
/// <param name="needed">Which inputs required a gradient.</param>
internal readonly struct BackwardCall(Tensor?[] gradients, Tensor?[] inputs, Tensor[] kept, bool[] needed)
{
    /// <summary>Of each output: contiguous, or null if the output was not used. At least one is there.</summary>
    internal Tensor?[] Gradients => gradients;

    /// <summary>As given to the operation.</summary>
    internal Tensor?[] Inputs => inputs;

    /// <summary>What the forward pass kept, in its order.</summary>
    internal Tensor[] Kept => kept;

    /// <summary>Whether an input required a gradient in the forward pass. Autograd does not say more.</summary>
    internal bool Needs(int input) => needed[input];
}
