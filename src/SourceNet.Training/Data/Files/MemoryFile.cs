namespace SourceNet.Training;

/// <summary>Bytes in memory.</summary>
internal sealed class MemoryFile(string path, byte[] content) : DataFile(path)
{
    private byte[]? content = content;

    internal override long Length => Content.Length;

    private byte[] Content => content ?? throw new ObjectDisposedException(Path);

    internal override void Read(long offset, Span<byte> destination) => Content.AsSpan((int)offset, destination.Length).CopyTo(destination);

    public override void Dispose() => content = null;
}
