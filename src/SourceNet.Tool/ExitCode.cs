namespace SourceNet.Tool;

/// <summary>What the process says to whoever started it. A format never changes it.</summary>
internal enum ExitCode
{
    /// <summary>Nothing new at or above the wanted severity.</summary>
    Clean = 0,

    /// <summary>New findings.</summary>
    Findings = 1,

    /// <summary>A wrong command line, configuration or output file.</summary>
    Usage = 2,

    /// <summary>The sources could not be analyzed as a whole.</summary>
    AnalysisFailed = 3,

    /// <summary>Ctrl+C.</summary>
    Interrupted = 130,
}
