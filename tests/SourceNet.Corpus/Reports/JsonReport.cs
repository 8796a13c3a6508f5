using System.Text.Json;
using SourceNet.Corpus.Analysis;

namespace SourceNet.Corpus.Reports;

/// <summary>The results as a program reads them.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions s_options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes beside the file and renames, so that nobody reads half of it.</summary>
    public static void Write(string path, IReadOnlyList<TreeResult> trees)
    {
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        using (var stream = File.Create(beside))
        {
            JsonSerializer.Serialize(stream, new { trees }, s_options);
        }

        File.Move(beside, path, overwrite: true);
    }
}
