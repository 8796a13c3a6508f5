using System.Buffers.Binary;
using System.Text;

namespace SourceNet.Build.Tests;

/// <summary>
/// The smallest x86-64 shared library that needs versions of two libraries: one loaded segment, whose addresses differ from the
/// places in the file, and one symbol, number 1, of the last version of libstdc++.
/// </summary>
internal static class SharedLibraryFile
{
    private const int Address = 0x10000, Headers = 64, Dynamic = 0x100, Strings = 0x200, Symbols = 0x300, Relocations = 0x340, Needs = 0x400, Size = 0x500;

    /// <summary>Where the flags of the need for the last version of libstdc++ stand.</summary>
    public const int Flags = Needs + 64 + 4;

    public static byte[] Needing(string version, bool used = false)
    {
        var file = new byte[Size];
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        Put16(file, 16, 3);                    // shared object
        Put16(file, 18, 62);                   // x86-64
        Put64(file, 32, Headers);
        Put16(file, 54, 56);
        Put16(file, 56, 2);
        ProgramHeader(file, Headers, type: 1, offset: 0, size: Size);
        ProgramHeader(file, Headers + 56, type: 2, offset: Dynamic, size: 0x100);

        var entry = Dynamic;
        foreach (var (tag, value) in new (long, long)[]
        {
            (5, Address + Strings), (0x6ffffff0, Address + Symbols), (0x6ffffffe, Address + Needs), (23, Address + Relocations), (2, 24), (0, 0),
        })
        {
            Put64(file, entry, tag);
            Put64(file, entry + 8, value);
            entry += 16;
        }

        var names = $"\0libc.so.6\0GLIBC_2.4\0libstdc++.so.6\0GLIBCXX_3.4\0{version}\0";
        Encoding.ASCII.GetBytes(names).CopyTo(file, Strings);
        int Name(string name) => names.IndexOf($"\0{name}\0", StringComparison.Ordinal) + 1;

        NeededFile(file, Needs, Name("libc.so.6"), needs: 1, next: 32);
        NeededVersion(file, Needs + 16, index: 2, Name("GLIBC_2.4"), next: 0);
        NeededFile(file, Needs + 32, Name("libstdc++.so.6"), needs: 2, next: 0);
        NeededVersion(file, Needs + 48, index: 3, Name("GLIBCXX_3.4"), next: 16);
        NeededVersion(file, Needs + 64, index: 4, Name(version), next: 0);

        Put16(file, Symbols + 2, 4);                       // symbol 1 is of version 4
        Put32(file, Relocations + 12, used ? 1 : 0);       // and the one relocation refers to it, or to none
        return file;
    }

    private static void ProgramHeader(byte[] file, int at, int type, long offset, long size)
    {
        Put32(file, at, type);
        Put64(file, at + 8, offset);
        Put64(file, at + 16, Address + offset);
        Put64(file, at + 32, size);
    }

    private static void NeededFile(byte[] file, int at, int name, short needs, int next)
    {
        Put16(file, at, 1);
        Put16(file, at + 2, needs);
        Put32(file, at + 4, name);
        Put32(file, at + 8, 16);
        Put32(file, at + 12, next);
    }

    private static void NeededVersion(byte[] file, int at, short index, int name, int next)
    {
        Put16(file, at + 6, index);
        Put32(file, at + 8, name);
        Put32(file, at + 12, next);
    }

    private static void Put16(byte[] file, int at, short value) => BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(at), value);

    private static void Put32(byte[] file, int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);

    private static void Put64(byte[] file, int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
}
