using static TorchSharp.torch;

namespace SourceNet;

/// <summary>The element types that the format and TorchSharp share, by the names in the file's header.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] s_types =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    internal static string All => string.Join(", ", s_types.Select(type => type.Name));

    internal static string? NameOf(ScalarType type) => Array.Find(s_types, entry => entry.Type == type).Name;

    internal static bool TryParse(string? name, out ScalarType type, out int size)
    {
        var found = Array.Find(s_types, entry => entry.Name == name);
        (type, size) = (found.Type, found.Size);
        return found.Name is not null;
    }

    internal static int SizeOf(ScalarType type) => Array.Find(s_types, entry => entry.Type == type).Size;
}
