namespace SourceNet.Modeling.Graph;

/// <summary>Something in a declaration that cannot be expanded, or (<see cref="IsError"/> false) hardly means what it says.</summary>
public sealed record Problem(string Id, string Message, Origin Origin, bool IsError = true);
