using TorchSharp.Modules;

namespace SourceNet;

/// <summary>A module that the registry can give parameters to: the model itself or one of its containers.</summary>
internal interface IParameterOwner
{
    /// <summary>The parameters that were registered by hand, and how their owner learns of a replacement.</summary>
    OwnedParameters Owned { get; }

    /// <summary>Registers a parameter, or puts another one in its place.</summary>
    void Place(string name, Parameter parameter);
}
