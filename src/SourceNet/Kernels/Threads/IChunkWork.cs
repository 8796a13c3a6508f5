namespace SourceNet.Kernels.Threads;

/// <summary>Work in chunks that may run in any order, on any thread, at the same time.</summary>
/// <remarks>
/// Implementations are structs of numbers and pointers: they are handed to native threads by address, where the garbage collector would not follow a reference.
/// </remarks>
internal interface IChunkWork
{
    void Run(int chunk);
}
