namespace SourceNet.Modeling.Graph;

/// <summary>Something in a declaration that cannot be expanded, or (<see cref="IsError"/> false) hardly means what it says.</summary>
public sealed record Problem(string Id, string Message, Origin Origin, bool IsError = true)
{
    /// <summary>What it is about, for passes that go on after it.</summary>
    public ProblemTopic Topic { get; init; }

    /// <summary>The code that brought it about, where that is another place; null if it is none.</summary>
    public Origin? Cause { get; init; }
}

/// <summary>What a problem is about.</summary>
public enum ProblemTopic
{
    Other,

    /// <summary>A shape that is not known: another layer may miss another one.</summary>
    MissingShape,

    /// <summary>A forward that is not the model's, so that nothing is known of what its blocks get.</summary>
    Forward,
}
