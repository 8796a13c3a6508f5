using static TorchSharp.torch;

namespace SourceNet;

/// <summary>What a model knows of its parts beside the modules themselves, and what follows from it. One home for the bases of all signatures.</summary>
internal sealed class ModelParts
{
    /// <summary>What each alias stands for.</summary>
    internal Dictionary<string, string> Ties { get; } = [];

    /// <summary>What is declared as frozen.</summary>
    internal List<FrozenPart> Frozen { get; } = [];

    /// <summary>Parameters and buffers in fields.</summary>
    internal OwnedTensors Owned { get; } = new();

    /// <summary>What is frozen goes back into eval mode after the model went into train mode.</summary>
    internal void KeepFrozen(bool on)
    {
        foreach (var part in on ? Frozen.FindAll(part => part.IsFrozen) : [])
        {
            part.RestInEvalMode();
        }
    }

    /// <summary>A model as the module that it is.</summary>
    internal static nn.Module ModuleOf(IModel model) => (nn.Module)model;
}
