namespace SourceNet.Modeling.Recognized;

/// <summary>A call that is being read.</summary>
/// <param name="id">The owner of its variables' cells.</param>
/// <param name="instance">The object whose method it is.</param>
/// <param name="outer">For a lambda or local function the call that it was made in, whose variables it sees.</param>
internal sealed class Frame(int id, Value.Instance? instance, Frame? outer)
{
    public int Id => id;

    public Value.Instance? This => instance;

    public Frame? Outer => outer;

    /// <summary>What it returns, on each path.</summary>
    public List<(Value Value, Heap Heap)> Returned { get; } = [];

    /// <summary>The loops around the statement that is being read, the innermost last.</summary>
    public Stack<Loop> Loops { get; } = new();
}

/// <summary>Where paths leave a loop, or its turn.</summary>
internal sealed class Loop
{
    public List<Heap> Breaks { get; } = [];

    public List<Heap> Continues { get; } = [];
}
