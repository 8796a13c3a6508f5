namespace SourceNet.Modeling.Graph;

/// <summary>How a hand-written forward passes tensors to the blocks: its assignments in order, and what it returns.</summary>
public sealed record ForwardFlow(string Parameter, EquatableArray<FlowStep> Steps, FlowValue Result);

/// <summary>A variable gets a value.</summary>
public sealed record FlowStep(string Variable, FlowValue Value);

/// <summary>A tensor in a hand-written forward, by how it came about.</summary>
public abstract record FlowValue
{
    public sealed record Variable(string Name) : FlowValue;

    public sealed record BlockCall(string Block, FlowValue Argument) : FlowValue;

    /// <summary>Elementwise on two tensors of one shape: <c>a + b</c>.</summary>
    public sealed record Elementwise(FlowValue Left, FlowValue Right) : FlowValue;

    /// <summary><c>cat([a, b], axis)</c>, the batch counted.</summary>
    public sealed record Concatenation(EquatableArray<FlowValue> Items, int Axis) : FlowValue;

    /// <summary>Anything else. The tensors that go into it are kept: blocks may be called in there.</summary>
    public sealed record Unknown(EquatableArray<FlowValue> Inside) : FlowValue;
}
