using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>A tensor in a file: its type, shape, and where its bytes begin and end, counted from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Key, ScalarType Type, long[] Shape, long Begin, long End);

/// <summary>An open file whose header was read and checked completely, so that every tensor in it can be read.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    // The limit of the reference implementation: a larger header is an attack or no header.
    private const long LargestHeader = 100_000_000;

    private readonly FileStream stream;
    private readonly string path;
    private readonly Dictionary<string, SafetensorsEntry> entries = [];
    private readonly Dictionary<string, string> metadata = [];
    private long dataStart;

    private SafetensorsFile(string path, FileStream stream)
    {
        this.path = path;
        this.stream = stream;
    }

    internal IReadOnlyDictionary<string, SafetensorsEntry> Entries => entries;

    internal IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>Opens a file and checks its header. A file that is not there throws <see cref="FileNotFoundException"/>, as everywhere.</summary>
    internal static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new SafetensorsFile(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1));
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => stream.Dispose();

    /// <summary>Reads one tensor into new CPU memory, piece by piece: a tensor may be larger than an array.</summary>
    internal Tensor Read(SafetensorsEntry entry)
    {
        var tensor = empty(entry.Shape, entry.Type, CPU);
        try
        {
            stream.Position = dataStart + entry.Begin;
            TensorBytes.Visit(tensor, bytes =>
            {
                stream.ReadExactly(bytes);
                // Any other byte in a bool is undefined behavior in native code.
                if (entry.Type == ScalarType.Bool && bytes.IndexOfAnyExceptInRange((byte)0, (byte)1) is var index and >= 0)
                {
                    throw Bad($"tensor '{entry.Key}' is BOOL and holds the byte {bytes[index]}; 0 and 1 are expected");
                }
            });
            return tensor;
        }
        catch (EndOfStreamException exception)
        {
            tensor.Dispose();
            throw Bad($"the file ended inside of tensor '{entry.Key}'", exception);
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    internal SafetensorsException Bad(string problem, Exception? inner = null) => new(path, problem, inner);

    private void ReadHeader()
    {
        if (stream.Length < 8)
        {
            throw Bad($"too short for a safetensors file: it holds {stream.Length} bytes, and the length of the header alone takes 8");
        }
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)(stream.Length - 8))
        {
            throw Bad($"the header is said to be {length} bytes long, but only {stream.Length - 8} follow: the file was cut off, or is no safetensors file");
        }
        if (length > LargestHeader)
        {
            throw Bad($"the header is said to be {length} bytes long; at most {LargestHeader} are accepted");
        }
        dataStart = 8 + (long)length;
        var header = new byte[length];
        stream.ReadExactly(header);
        ParseHeader(header);
        CheckLayout(stream.Length - dataStart);
    }

    private void ParseHeader(byte[] header)
    {
        if (header.Length == 0 || header[0] != (byte)'{')
        {
            throw Bad("the header is no JSON object: it does not begin with '{'");
        }
        try
        {
            var reader = new Utf8JsonReader(header);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var key = reader.GetString()!;
                reader.Read();
                if (key == "__metadata__")
                {
                    ParseMetadata(ref reader);
                }
                else if (!entries.TryAdd(key, ParseEntry(ref reader, key)))
                {
                    throw Bad($"tensor '{key}' occurs twice in the header");
                }
            }
            // Whitespace may follow, anything else is an error that this call finds.
            reader.Read();
        }
        // A string that is not valid UTF-8 is an InvalidOperationException where it is decoded, and all are decoded here.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Bad($"the header is not valid JSON: {exception.Message}", exception);
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad("'__metadata__' in the header is no object of strings");
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Bad($"'__metadata__' in the header holds '{name}', which is no string");
            }
            metadata[name] = reader.GetString()!;
        }
    }

    private SafetensorsEntry ParseEntry(ref Utf8JsonReader reader, string key)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Bad($"tensor '{key}' in the header is no object");
        }
        string? typeName = null;
        long[]? shape = null;
        long[]? offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "dtype" when typeName is null && reader.TokenType == JsonTokenType.String:
                    typeName = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ParseNumbers(ref reader, key, name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ParseNumbers(ref reader, key, name);
                    break;
                default:
                    throw Bad($"tensor '{key}' in the header has an unexpected '{name}'");
            }
        }
        if (typeName is null || shape is null || offsets is null)
        {
            throw Bad($"tensor '{key}' in the header lacks one of dtype, shape and data_offsets");
        }
        if (!SafetensorsTypes.TryParse(typeName, out var type, out var size))
        {
            throw Bad($"tensor '{key}' has the element type {typeName}; known are {SafetensorsTypes.All}");
        }
        if (offsets.Length != 2)
        {
            throw Bad($"tensor '{key}' has {offsets.Length} data_offsets; a begin and an end are expected");
        }
        var expected = ByteCount(key, shape, size);
        if (offsets[1] - offsets[0] != expected)
        {
            throw Bad($"tensor '{key}' of shape [{string.Join(", ", shape)}] and type {typeName} takes {expected} bytes, "
                + $"but its data_offsets [{offsets[0]}, {offsets[1]}] do not");
        }
        return new(key, type, shape, offsets[0], offsets[1]);
    }

    private long[] ParseNumbers(ref Utf8JsonReader reader, string key, string name)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Bad($"'{name}' of tensor '{key}' in the header is no array");
        }
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
            {
                throw Bad($"'{name}' of tensor '{key}' in the header holds something else than whole numbers from 0");
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private long ByteCount(string key, long[] shape, int size)
    {
        try
        {
            // A size of 0 must not hide that the others overflow the strides.
            var bytes = shape.Aggregate((long)size, (product, length) => checked(product * Math.Max(length, 1)));
            return shape.Contains(0) ? 0 : bytes;
        }
        catch (OverflowException exception)
        {
            throw Bad($"tensor '{key}' of shape [{string.Join(", ", shape)}] is larger than any memory", exception);
        }
    }

    /// <summary>The tensors' bytes must follow each other without gap or overlap from the header to the end of the file.</summary>
    private void CheckLayout(long available)
    {
        long end = 0;
        foreach (var entry in entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != end)
            {
                throw Bad($"tensor '{entry.Key}' begins at byte {entry.Begin} of the data, "
                    + $"but the tensor before it ends at {end}: they {(entry.Begin < end ? "overlap" : "leave a gap")}");
            }
            end = entry.End;
            if (end > available)
            {
                throw Bad($"tensor '{entry.Key}' ends at byte {end} of the data, but only {available} bytes are there: the file was cut off");
            }
        }
        if (end != available)
        {
            throw Bad($"the tensors take {end} bytes, but {available} follow the header");
        }
    }
}
