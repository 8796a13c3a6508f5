using static TorchSharp.torch;

namespace SourceNet;

/// <summary>
/// Tensors by name in a file of the safetensors format, which PyTorch and most other frameworks read and write: eight bytes of header length, a JSON header,
/// the raw bytes in little-endian order. See <see href="https://github.com/huggingface/safetensors">the format's description</see>.
/// </summary>
/// <remarks>Element types: Float64, Float32, Float16, BFloat16, Int64, Int32, Int16, Int8, Byte and Bool.</remarks>
public static class Safetensors
{
    /// <summary>Reads all tensors of a file into new CPU memory.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors by name; the caller disposes them.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file is damaged, or has an element type that TorchSharp lacks.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            foreach (var entry in file.Entries.Values)
            {
                tensors.Add(entry.Key, file.Read(entry));
            }
            return tensors;
        }
        catch
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
            throw;
        }
    }

    /// <summary>Reads the metadata of a file: names and values of text that its writer chose. No tensor is read.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="SafetensorsException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Metadata;
    }

    /// <summary>
    /// Writes tensors to a file. It is written beside the destination and renamed when it is complete, so an existing file is replaced at once or stays.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">The tensors by name, on any device and of any strides.</param>
    /// <param name="metadata">Names and values of text to store beside them.</param>
    /// <exception cref="SafetensorsException">A tensor has an element type that the format lacks, is sparse or disposed, or is called
    /// <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        SafetensorsWriter.Write(path, tensors, metadata);
    }
}
