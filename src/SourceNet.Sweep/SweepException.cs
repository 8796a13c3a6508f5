namespace SourceNet.Sweep;

/// <summary>Something that the user has to know and can change; the message says what.</summary>
internal sealed class SweepException(string message) : Exception(message);
