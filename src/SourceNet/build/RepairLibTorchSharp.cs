#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace SourceNet.Build;

/// <summary>
/// Makes libLibTorchSharp.so load where the C++ library lacks the version <see cref="ElfLibrary.Version"/>: writes a copy
/// in which the need for that version is marked as weak. Compiled by SourceNet.targets when a project is built,
/// hence one file and nothing newer than netstandard2.0.
/// </summary>
public sealed class RepairLibTorchSharp : Microsoft.Build.Utilities.Task
{
    /// <summary>The libraries as NuGet resolved them.</summary>
    [Required]
    public ITaskItem[] Libraries { get; set; } = [];

    /// <summary>The folder that receives the repaired copies.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>Repair even when this machine's C++ library has the version.</summary>
    public bool Always { get; set; }

    /// <summary>Those of <see cref="Libraries"/> that have a repaired copy.</summary>
    [Output]
    public ITaskItem[] Originals { get; set; } = [];

    /// <summary>The repaired copies, with the metadata of <see cref="Originals"/>.</summary>
    [Output]
    public ITaskItem[] Repaired { get; set; } = [];

    /// <summary>Never fails the build: without the repair everything but running the program still works.</summary>
    public override bool Execute()
    {
        if (!Always && !SystemNeedsIt())
            return true;
        var originals = new List<ITaskItem>();
        var repaired = new List<ITaskItem>();
        foreach (var library in Libraries)
        {
            var copy = Path.Combine(Folder, library.GetMetadata("DestinationSubDirectory"), Path.GetFileName(library.ItemSpec));
            if (!TryRepair(library.GetMetadata("FullPath"), copy))
                continue;
            originals.Add(library);
            repaired.Add(new TaskItem(library) { ItemSpec = copy });
        }
        Originals = originals.ToArray();
        Repaired = repaired.ToArray();
        return true;
    }

    private bool SystemNeedsIt()
    {
        try
        {
            var system = SystemLibrary.Find();
            if (system != null)
                return !SystemLibrary.Has(system, ElfLibrary.Version);
            Warn("SN9002", "libstdc++.so.6 was not found on this machine, so libLibTorchSharp.so stays as it is. "
                + "If the program cannot load it, set RepairLibTorchSharp to Always.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Warn("SN9002", "libstdc++.so.6 cannot be read on this machine, so libLibTorchSharp.so stays as it is: " + exception.Message);
        }
        return false;
    }

    private bool TryRepair(string original, string copy)
    {
        try
        {
            var library = new ElfLibrary(File.ReadAllBytes(original));
            if (!library.WeakenVersion())
                return false;
            if (File.Exists(copy) && File.ReadAllBytes(copy).SequenceEqual(library.Bytes))
                return true;
            Replace(copy, library.Bytes);
            Log.LogMessage(MessageImportance.Normal, "'{0}' is '{1}' with {2} as an optional version.", copy, original, ElfLibrary.Version);
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            Warn("SN9001", "'" + original + "' is used as it is and may not load on this machine: " + exception.Message);
            return false;
        }
    }

    /// <summary>Beside and renamed: a link is replaced, not written through, and nobody sees half a file.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var beside = path + "." + Guid.NewGuid().ToString("N");
        try
        {
            File.WriteAllBytes(beside, bytes);
            File.Delete(path);
            File.Move(beside, path);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private void Warn(string code, string message) => Log.LogWarning(null, code, null, null, 0, 0, 0, 0, "{0}", message);
}

/// <summary>The C++ library that programs of this machine load.</summary>
public static class SystemLibrary
{
    private const string FileName = "libstdc++.so.6";

    private static readonly string[] s_folders =
        ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"];

    /// <summary>The path, or null. The .NET host itself is linked to it: what the loader chose for this process comes first.</summary>
    public static string? Find()
    {
        const string maps = "/proc/self/maps";
        var loaded = File.Exists(maps) ? LoadedFrom(File.ReadLines(maps)) : null;
        return loaded ?? s_folders.Select(folder => Path.Combine(folder, FileName)).FirstOrDefault(File.Exists);
    }

    /// <summary>The path in lines of /proc/self/maps: "address permissions offset device inode path".</summary>
    public static string? LoadedFrom(IEnumerable<string> maps) =>
        maps.Where(line => line.IndexOf('/') >= 0)
            .Select(line => line.Substring(line.IndexOf('/')))
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith(FileName, StringComparison.Ordinal) && File.Exists(path));

    /// <summary>Whether the library names the version among its strings, where every version that it defines stands.</summary>
    public static bool Has(string path, string version)
    {
        // One byte a char, so that a search in the text is a search in the bytes.
        var text = Encoding.GetEncoding("iso-8859-1").GetString(File.ReadAllBytes(path));
        return text.IndexOf("\0" + version + "\0", StringComparison.Ordinal) >= 0;
    }
}

/// <summary>
/// A shared library for x86-64 Linux as the dynamic loader sees it: program headers and the dynamic section, no section headers.
/// Layout: System V ABI, "Program Header" and "Dynamic Section"; Linux Standard Base, "Symbol Versioning".
/// Every read is checked: a damaged file gives an <see cref="InvalidDataException"/>.
/// </summary>
public sealed class ElfLibrary
{
    /// <summary>The version that GCC 13 asks for on behalf of every library that includes iostream.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    private const string Provider = "libstdc++.so.6";
    private const byte Weak = 2; // VER_FLG_WEAK: the loader passes over a version that is missing.

    private enum Dynamic : ulong
    {
        JumpRelocationsSize = 2,
        Strings = 5,
        Relocations = 7,
        RelocationsSize = 8,
        JumpRelocations = 23,
        SymbolVersions = 0x6ffffff0,
        NeededVersions = 0x6ffffffe,
    }

    private readonly List<(ulong Address, ulong Offset, ulong Size)> _segments = [];
    private readonly Dictionary<Dynamic, ulong> _dynamic = [];

    /// <exception cref="InvalidDataException">The bytes are no shared library for x86-64 Linux.</exception>
    public ElfLibrary(byte[] bytes)
    {
        Bytes = bytes;
        if (bytes.Length < 4 || Read(0, 4) != 0x464c457f)
            throw new InvalidDataException("it is not an ELF file.");
        const ulong elf64 = 2, littleEndian = 1, sharedObject = 3, amd64 = 62;
        if (Read(4, 1) != elf64 || Read(5, 1) != littleEndian || Read(16, 2) != sharedObject || Read(18, 2) != amd64)
            throw new InvalidDataException("it is not a shared library for x86-64.");
        ReadProgramHeaders();
    }

    /// <summary>The file, with what <see cref="WeakenVersion"/> changed.</summary>
    public byte[] Bytes { get; }

    /// <summary>Marks the need for <see cref="Version"/> as weak. False when there is no such need, or it is weak already.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or a symbol of that version is really used.</exception>
    public bool WeakenVersion()
    {
        if (FindNeed() is not (ulong flags, ulong index) || (Read(flags, 2) & Weak) != 0)
            return false;
        if (IsUsed(index))
            throw new InvalidDataException("it really uses " + Version + " of " + Provider + "; a newer " + Provider + " is the only remedy.");
        Bytes[flags] |= Weak;
        return true;
    }

    private void ReadProgramHeaders()
    {
        // Elf64_Phdr: type 4, flags 4, offset 8, address 8, physical address 8, size in the file 8.
        const ulong load = 1, dynamic = 2;
        ulong table = Read(32, 8), size = Read(54, 2), count = Read(56, 2);
        for (ulong i = 0; i < count; i++)
        {
            var header = table + i * size;
            var type = Read(header, 4);
            if (type == load)
                _segments.Add((Read(header + 16, 8), Read(header + 8, 8), Read(header + 32, 8)));
            if (type == dynamic)
                ReadDynamicSection(Read(header + 8, 8), Read(header + 32, 8));
        }
    }

    private void ReadDynamicSection(ulong start, ulong size)
    {
        for (ulong entry = 0; entry + 16 <= size; entry += 16)
        {
            var tag = Read(start + entry, 8);
            if (tag == 0)
                return;
            _dynamic[(Dynamic)tag] = Read(start + entry + 8, 8);
        }
    }

    /// <summary>Where the flags of the need for the version stand, and the index by which symbols refer to it.</summary>
    private (ulong Flags, ulong Index)? FindNeed()
    {
        if (!_dynamic.ContainsKey(Dynamic.NeededVersions))
            return null;
        // Elf64_Verneed: version 2, count 2, file name 4, way to the first need 4, way to the next file 4.
        var file = OffsetOf(Dynamic.NeededVersions);
        while (Text(Read(file + 4, 4)) != Provider)
        {
            var way = Read(file + 12, 4);
            if (way == 0)
                return null;
            file += way;
        }
        // Elf64_Vernaux: hash 4, flags 2, index 2, name 4, way to the next need 4.
        var need = file + Read(file + 8, 4);
        while (Text(Read(need + 8, 4)) != Version)
        {
            var way = Read(need + 12, 4);
            if (way == 0)
                return null;
            need += way;
        }
        return (need + 4, Read(need + 6, 2));
    }

    /// <summary>Whether a relocation refers to a symbol of the version: then something is missing at run time.</summary>
    private bool IsUsed(ulong index)
    {
        var versions = OffsetOf(Dynamic.SymbolVersions);
        return Symbols(Dynamic.Relocations, Dynamic.RelocationsSize)
            .Concat(Symbols(Dynamic.JumpRelocations, Dynamic.JumpRelocationsSize))
            .Any(symbol => (Read(versions + symbol * 2, 2) & 0x7fff) == index);
    }

    /// <summary>The symbols of a table of Elf64_Rela: offset 8, type 4, symbol 4, addend 8. Number 0 is no symbol.</summary>
    private IEnumerable<ulong> Symbols(Dynamic table, Dynamic size)
    {
        if (!_dynamic.ContainsKey(table))
            yield break;
        var start = OffsetOf(table);
        for (ulong entry = 0; entry < Value(size); entry += 24)
        {
            var symbol = Read(start + entry + 12, 4);
            if (symbol != 0)
                yield return symbol;
        }
    }

    private string Text(ulong index)
    {
        var start = OffsetOf(Dynamic.Strings) + index;
        ulong length = 0;
        while (Read(start + length, 1) != 0)
            length++;
        return Encoding.ASCII.GetString(Bytes, (int)start, (int)length);
    }

    private ulong Value(Dynamic tag) => _dynamic.TryGetValue(tag, out var value)
        ? value
        : throw new InvalidDataException("its dynamic section has no entry " + tag + ".");

    /// <summary>Dynamic entries hold addresses in memory; the segments say where in the file those come from.</summary>
    private ulong OffsetOf(Dynamic tag)
    {
        var address = Value(tag);
        foreach (var segment in _segments)
        {
            if (address >= segment.Address && address - segment.Address < segment.Size)
                return segment.Offset + (address - segment.Address);
        }
        throw new InvalidDataException("its dynamic section points outside the file (" + tag + ").");
    }

    /// <summary>A little-endian number of <paramref name="size"/> bytes.</summary>
    private ulong Read(ulong offset, int size)
    {
        if (offset > (ulong)Bytes.Length || (ulong)Bytes.Length - offset < (ulong)size)
            throw new InvalidDataException("it is damaged or incomplete: its " + Bytes.Length + " bytes have no place " + offset + ".");
        ulong value = 0;
        for (var i = 0; i < size; i++)
            value |= (ulong)Bytes[(long)offset + i] << (8 * i);
        return value;
    }
}
