using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>What a call gets, by the names of the parameters.</summary>
internal sealed class Arguments : ModuleArguments
{
    private readonly Dictionary<string, Value> _values = [];

    private readonly Func<int, Value.Contents> _itemsOf;

    public Arguments(string name, IEnumerable<IArgumentOperation> arguments, Func<IOperation, Value> evaluate, Func<int, Value.Contents> itemsOf)
    {
        Name = name;
        _itemsOf = itemsOf;
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter)
            {
                _values[parameter.Name] = evaluate(argument.Value);
            }
        }
    }

    public override string Name { get; }

    /// <summary>In the order in which the call evaluates them.</summary>
    public IEnumerable<Value> All => _values.Values;

    public Value Of(string parameter) => _values.TryGetValue(parameter, out var value) ? value : Value.Unknown;

    /// <summary>The first of several parameters that the call knows.</summary>
    public Value OfAny(params string[] parameters) => parameters.Where(_values.ContainsKey).Select(Of).FirstOrDefault() ?? Value.Unknown;

    public override Dim Size(params string[] parameters) => AsSize(OfAny(parameters));

    public override Rate Rate(params string[] parameters) => OfAny(parameters) switch
    {
        Value.Real real => real.Rate,
        Value.Whole { Size.Constant: { } number } => Graph.Rate.Of(number),
        _ => Graph.Rate.Unknown,
    };

    public override bool? Flag(params string[] parameters) => OfAny(parameters) is Value.Truth truth ? truth.IsTrue : null;

    public override string? Choice(string parameter) => (Of(parameter) as Value.Choice)?.Name;

    public override bool IsNull(params string[] parameters) => OfAny(parameters) is Value.Null;

    public override Layer? Layer(string parameter) => (Of(parameter) as Value.LayerModule)?.Layer;

    public override EquatableArray<Dim> Window(int rank, Dim otherwise, params string[] parameters) => OfAny(parameters) switch
    {
        Value.Whole whole => Enumerable.Repeat(whole.Size, rank).ToEquatableArray(),
        Value.Tuple tuple when tuple.Items.Length == rank => tuple.Items.Select(AsSize).ToEquatableArray(),
        Value.List list when _itemsOf(list.Id) is { IsComplete: true } items && items.All.Length == rank =>
            items.All.Select(item => AsSize(item.Value)).ToEquatableArray(),
        Value.Null => Enumerable.Repeat(otherwise, rank).ToEquatableArray(),
        _ => Enumerable.Repeat(_values.Keys.Any(parameters.Contains) ? Dim.Unknown : otherwise, rank).ToEquatableArray(),
    };

    private static Dim AsSize(Value value) => value is Value.Whole whole ? whole.Size : Dim.Unknown;
}
