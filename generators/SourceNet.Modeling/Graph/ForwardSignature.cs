namespace SourceNet.Modeling.Graph;

/// <summary>What a hand-written forward takes and gives: tensors, and one tensor or a tuple of them.</summary>
/// <param name="Base">The class that the generated part derives from, as C# names it.</param>
/// <param name="Result">The type of what it gives, as C# names it.</param>
/// <param name="Parameters">What it takes, in order.</param>
/// <param name="Outputs">The names of what it gives: those of the tuple, empty where there is none; one empty name for a single tensor.</param>
public sealed record ForwardSignature(string Base, string Result, EquatableArray<ForwardParameter> Parameters, EquatableArray<string> Outputs)
{
    /// <summary>Whether it gives a tuple.</summary>
    public bool GivesTuple => Outputs.Count > 1;
}

/// <summary>A parameter of a hand-written forward.</summary>
/// <param name="Name">Its name, as C# has it.</param>
/// <param name="MayBeNull">Whether its type says so.</param>
/// <param name="HasDefault">Whether it may be left out.</param>
public sealed record ForwardParameter(string Name, bool MayBeNull, bool HasDefault)
{
    /// <summary>What <c>[Input]</c> says about it; null if nothing.</summary>
    public StatedShape? Input { get; init; }
}
