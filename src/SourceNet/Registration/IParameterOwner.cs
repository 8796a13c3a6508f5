using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A module that the registry can give parameters and buffers to: the model itself or one of its containers.</summary>
internal interface IParameterOwner
{
    /// <summary>The parameters and buffers that were registered by hand, and how their owner learns of a replacement.</summary>
    OwnedTensors Owned { get; }

    /// <summary>Registers a parameter, or puts another one in its place.</summary>
    void Place(string name, Parameter parameter);

    /// <summary>Registers a buffer, or puts another one in its place.</summary>
    void PlaceBuffer(string name, Tensor buffer);
}
