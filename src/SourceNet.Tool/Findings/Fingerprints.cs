using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SourceNet.Tool.Findings;

/// <summary>
/// Tells findings apart by what they are about and not by where it stands: rule, file, member, the line without its spaces, and a number for equal ones.
/// </summary>
internal sealed class Fingerprints
{
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    public string Next(string rule, string path, string member, string code)
    {
        var key = $"{rule}\n{path}\n{member}\n{string.Concat(code.Where(symbol => !char.IsWhiteSpace(symbol)))}";
        var number = _seen[key] = _seen.GetValueOrDefault(key) + 1;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{number.ToString(CultureInfo.InvariantCulture)}"));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));
    }
}
