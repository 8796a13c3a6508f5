namespace SourceNet.Analyzers.Data;

/// <summary>What data are for.</summary>
[Flags]
internal enum Purpose
{
    None = 0,
    Training = 1,
    Evaluation = 2,

    /// <summary>They go where nobody can look.</summary>
    Unknown = 4,
}
