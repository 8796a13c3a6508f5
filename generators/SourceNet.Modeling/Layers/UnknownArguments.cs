using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Layers;

/// <summary>The arguments of a module that somebody else made: nothing is known of them.</summary>
internal sealed class UnknownArguments(string name) : ModuleArguments
{
    public override string Name => name;

    public override Dim Size(params string[] parameters) => Dim.Unknown;

    public override Rate Rate(params string[] parameters) => Graph.Rate.Unknown;

    public override bool? Flag(params string[] parameters) => null;

    public override string? Choice(string parameter) => null;

    public override bool AreAllRead => false;

    public override bool IsNull(params string[] parameters) => false;

    public override Layer? Layer(string parameter) => null;

    public override EquatableArray<Dim> Window(int rank, Dim otherwise, params string[] parameters) => AttributeArguments.Repeat(Dim.Unknown, rank);
}
