using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>What a function or constructor of hand-written code gets, by the names of its parameters. What is not known is unknown.</summary>
internal abstract class ModuleArguments
{
    /// <summary>The function or class: <c>Conv2d</c>, <c>max_pool2d</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The number of spatial axes that the name ends in; 1 where it names none.</summary>
    public int Rank => Name.LastIndexOfAny(['1', '2', '3']) is >= 0 and var digit ? Name[digit] - '0' : 1;

    /// <summary>The same; null where the name names none.</summary>
    public int? NamedRank =>
        Name.EndsWith("d", StringComparison.Ordinal) && Name.Length > 1 && Name[Name.Length - 2] is >= '1' and <= '3' and var digit ? digit - '0' : null;

    /// <summary>The size that the first parameter of these names gets that the call has.</summary>
    public abstract Dim Size(params string[] parameters);

    public abstract Rate Rate(params string[] parameters);

    public abstract bool? Flag(params string[] parameters);

    /// <summary>A member of an enum, by name.</summary>
    public abstract string? Choice(string parameter);

    /// <summary>Whether the parameter gets null, or nothing and null is its default.</summary>
    public abstract bool IsNull(params string[] parameters);

    /// <summary>The layer that a module which is passed is.</summary>
    public abstract Layer? Layer(string parameter);

    /// <summary>A window's size on each axis: one number for all, or a tuple or array of numbers.</summary>
    public abstract EquatableArray<Dim> Window(int rank, Dim otherwise, params string[] parameters);

    public virtual double Number(string parameter, double otherwise) => Rate(parameter).Value ?? otherwise;

    /// <summary>Whether each argument that the call states was asked for and told.</summary>
    public abstract bool AreAllRead { get; }
}
