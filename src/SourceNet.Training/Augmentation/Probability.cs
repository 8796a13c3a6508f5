using System.Runtime.CompilerServices;

namespace SourceNet.Training;

/// <summary>Checks what attributes and arguments call p.</summary>
internal static class Probability
{
    /// <summary>The number, if it is one from 0 to 1.</summary>
    internal static double Check(double p, [CallerArgumentExpression(nameof(p))] string? name = null) =>
        p is >= 0 and <= 1 ? p : throw new ArgumentOutOfRangeException(name, p, "A probability is at least 0 and at most 1.");
}
