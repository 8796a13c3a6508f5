using System.Security.Cryptography;
using System.Text;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>
/// Tells a file that came back as it was written from one in which a disk or a network changed a bit: weights that are only a little wrong look like any
/// others.
/// </summary>
internal static class Checksum
{
    // A span holds at most 2 GB, a tensor can be larger.
    private const long PieceElements = 1 << 20;

    /// <summary>SHA-256 of a text and of the names and bytes of tensors, which must be dense, contiguous and on the CPU, as 64 hexadecimal digits.</summary>
    public static string Of(string text, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        foreach (var (name, value) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            using var flat = value.reshape(-1);
            for (long start = 0; start < flat.NumberOfElements; start += PieceElements)
            {
                using var piece = flat.narrow(0, start, Math.Min(PieceElements, flat.NumberOfElements - start));
                hash.AppendData(piece.bytes);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
