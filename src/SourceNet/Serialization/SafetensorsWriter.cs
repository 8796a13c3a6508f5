using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Writes a file beside its destination and renames it when it is complete: a reader never sees half a file.</summary>
internal static class SafetensorsWriter
{
    internal static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (key, tensor) in tensors)
        {
            RequireWritable(path, key, tensor);
        }
        // Larger element types first: then every tensor's bytes are aligned to its element size, as the reference implementation does it.
        var ordered = tensors.OrderByDescending(pair => SafetensorsTypes.SizeOf(pair.Value.dtype)).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        var header = Header(ordered, metadata);

        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(header);
                foreach (var (_, tensor) in ordered)
                {
                    WriteBytes(stream, tensor);
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void RequireWritable(string path, string key, Tensor tensor)
    {
        if (key == "__metadata__")
        {
            throw new SafetensorsException(path, "the name '__metadata__' is the format's own; no tensor can have it");
        }
        if (tensor is null || tensor.IsInvalid)
        {
            throw new SafetensorsException(path, $"tensor '{key}' is null or disposed");
        }
        if (SafetensorsTypes.NameOf(tensor.dtype) is null)
        {
            throw new SafetensorsException(path,
                $"tensor '{key}' has the element type {tensor.dtype}, which the format does not have; known are {SafetensorsTypes.All}");
        }
        if (tensor.is_sparse || tensor.is_meta)
        {
            throw new SafetensorsException(path,
                $"tensor '{key}' is {(tensor.is_sparse ? "sparse" : "on the meta device")}; only dense tensors can be written");
        }
    }

    private static byte[] Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        // Relaxed: a plus sign or an umlaut in a name is written as itself.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (name, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(name, value);
                }
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var (key, tensor) in tensors)
            {
                json.WriteStartObject(key);
                json.WriteString("dtype", SafetensorsTypes.NameOf(tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                var end = offset + tensor.NumberOfElements * SafetensorsTypes.SizeOf(tensor.dtype);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }
        var header = buffer.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(header.Length - 8));
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }

    private static void WriteBytes(FileStream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var dense = tensor.detach().cpu().resolve_neg().contiguous();
        TensorBytes.Visit(dense, bytes => stream.Write(bytes));
    }
}
