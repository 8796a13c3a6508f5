using SourceNet.Kernels.Vectors;
using static TorchSharp.torch;

namespace SourceNet.Activations;

/// <summary>A function of each element alone, with its derivative, that kernels build in when they are compiled. The structs of this namespace are all there are.</summary>
public interface IActivation
{
    internal TLanes Value<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>What autograd multiplies a gradient with; at a kink, what libtorch takes there.</summary>
    internal TLanes Derivative<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>;

    /// <summary>The same function of TorchSharp's operators: a tensor of its own, on any device and of any type.</summary>
    internal Tensor Compose(Tensor x);
}
