namespace SourceNet.Training;

/// <summary>Images that lie at equal distances in a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">Where the first image begins.</param>
/// <param name="Stride">How far one begins behind the one before.</param>
/// <param name="Count">How many there are.</param>
internal sealed record ImageRun(DataFile File, long Start, long Stride, int Count);
