using System.Globalization;

namespace SourceNet.Benchmarks.AnalyzerSpeed;

/// <summary>The command line of <c>analyzers</c>.</summary>
/// <param name="Files">How many files the synthetic solution has; 0 for none.</param>
/// <param name="IsCold">Whether the first compilation of a process is measured, and not one of a warm build server.</param>
/// <param name="Folders">Source trees to measure too.</param>
internal sealed record AnalyzerOptions(int Files, bool IsCold, IReadOnlyList<string> Folders)
{
    internal static AnalyzerOptions? Parse(string[] arguments)
    {
        var isCold = arguments is ["--cold", ..];
        string[] rest = isCold ? arguments[1..] : arguments;
        var files = 1000;
        if (rest is ["--files", var number, .. var folders])
        {
            if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out files))
            {
                return null;
            }
        }
        else
        {
            folders = rest;
        }

        return folders.All(Directory.Exists) && (files > 0 || folders.Length > 0) ? new(files, isCold, folders) : null;
    }
}
