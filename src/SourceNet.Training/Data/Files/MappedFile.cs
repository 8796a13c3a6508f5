using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace SourceNet.Training;

/// <summary>A file that the system maps into memory: only what is read is loaded, and several processes share it.</summary>
/// <remarks>
/// No pointer leaves this class: reads copy. The handles count their readers, so that disposing never unmaps what a thread reads just now.
/// </remarks>
internal sealed class MappedFile : DataFile
{
    private readonly SafeFileHandle file;
    private readonly MemoryMappedFile? map;
    private readonly MemoryMappedViewAccessor? view;

    internal MappedFile(string path) : base(path)
    {
        // Others may read it, and may not write to it, as far as the system knows of such a thing.
        file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Length = RandomAccess.GetLength(file);
        if (Length == 0)
        {
            return; // An empty file cannot be mapped.
        }

        try
        {
            map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            view = map.CreateViewAccessor(0, Length, MemoryMappedFileAccess.Read);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal override long Length { get; }

    internal override unsafe void Read(long offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - destination.Length);
        var content = view!.SafeMemoryMappedViewHandle;
        var fileIsHeld = false;
        byte* pointer = null;
        try
        {
            file.DangerousAddRef(ref fileIsHeld);
            content.AcquirePointer(ref pointer);
            CheckLength();
            new ReadOnlySpan<byte>(pointer + offset, destination.Length).CopyTo(destination);
        }
        finally
        {
            if (pointer is not null)
            {
                content.ReleasePointer();
            }

            if (fileIsHeld)
            {
                file.DangerousRelease();
            }
        }
    }

    public override void Dispose()
    {
        view?.Dispose();
        map?.Dispose();
        file.Dispose();
    }

    /// <summary>A read behind the end of the file would end the process.</summary>
    private void CheckLength()
    {
        var length = RandomAccess.GetLength(file);
        if (length < Length)
        {
            throw new InvalidDataException($"{Path}: expected the {Length} bytes that it had when it was opened, found {length} (somebody shortened it)");
        }
    }
}
