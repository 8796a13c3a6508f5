namespace SourceNet.Modeling.Graph;

/// <summary>How a hand-written part holds its modules: one, or several in collections and tuples, nested as deep as the author likes.</summary>
/// <param name="IsNullable">Whether its type says that it may be null: what is null is absent from the model.</param>
public abstract record PartShape(bool IsNullable)
{
    /// <summary>A module.</summary>
    /// <param name="IsKnownClass">Whether its type is a class of modules; else it is an interface of one, and has to be cast.</param>
    public sealed record Module(bool IsNullable, bool IsKnownClass) : PartShape(IsNullable);

    /// <summary>An array or collection, whose items are named by their position.</summary>
    /// <param name="IsValue">Whether it is a struct, which is never null.</param>
    public sealed record Numbered(PartShape Item, bool IsNullable, bool IsValue) : PartShape(IsNullable);

    /// <summary>A dictionary, whose values are named by their keys.</summary>
    public sealed record Keyed(PartShape Value, bool IsNullable, bool IsValue) : PartShape(IsNullable);

    /// <summary>A tuple, whose elements are named by their names, or by their position.</summary>
    public sealed record Tuple(EquatableArray<PartElement> Elements, bool IsNullable) : PartShape(IsNullable);
}

/// <summary>An element of a tuple that holds modules.</summary>
/// <param name="Name">Its name in the state_dict.</param>
/// <param name="Member">The member of the tuple.</param>
public sealed record PartElement(string Name, string Member, PartShape Shape);
