namespace SourceNet;

/// <summary>Marks a layer that draws random numbers in train mode and is deterministic in eval mode, as dropout is.</summary>
/// <remarks>
/// Monte-Carlo dropout keeps exactly these layers, and TorchSharp's own dropout modules, in train mode.
/// A hand-written layer joins in by implementing this interface.
/// </remarks>
public interface IStochasticLayer;
