namespace SourceNet.Kernels.Vectors;

/// <summary>
/// Work in chunks, as <see cref="Threads.IChunkWork"/>, whose loops are written over vectors of any width. <see cref="SimdWidth"/> chooses one and runs it.
/// </summary>
internal interface ISimdWork
{
    void Run<TVector>(int chunk)
        where TVector : unmanaged, ISimdVector<TVector>;
}
