namespace SourceNet.Tool;

/// <summary>Something that the user has to know and can change; the message says what.</summary>
internal sealed class ToolException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
