namespace SourceNet;

/// <summary>
/// A safetensors file that cannot be read or written, or does not fit the model. The message names the file and the tensor, what was expected and what was
/// found.
/// </summary>
public sealed class SafetensorsException : IOException
{
    internal SafetensorsException(string path, string problem, Exception? inner = null) : base($"{path}: {problem}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
