namespace SourceNet.Kernels.Batches;

/// <summary>What dropout drops.</summary>
internal enum DropKind
{
    Nothing,
    Elements,

    /// <summary>A channel of a sample as a whole.</summary>
    Planes,
}
