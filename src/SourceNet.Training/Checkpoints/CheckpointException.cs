namespace SourceNet.Training;

/// <summary>A file is no checkpoint, a damaged one, or one of another training.</summary>
public sealed class CheckpointException : IOException
{
    internal CheckpointException(string path, string problem, Exception? inner = null)
        : base($"{path}: {problem}", inner)
    {
    }
}
