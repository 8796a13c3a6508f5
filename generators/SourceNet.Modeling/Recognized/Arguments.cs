using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>What a call gets, by the names of the parameters.</summary>
internal sealed class Arguments : ModuleArguments
{
    /// <summary>What changes nothing of what a module computes, or what is asked for elsewhere.</summary>
    private static readonly HashSet<string> s_withoutEffect = ["inplace", "training"];

    private readonly Dictionary<string, Value> _values = [];
    private readonly HashSet<string> _unread = [];

    private readonly Func<int, Value.Contents> _itemsOf;

    public Arguments(string name, IEnumerable<IArgumentOperation> arguments, Func<IOperation, Value> evaluate, Func<int, Value.Contents> itemsOf)
    {
        Name = name;
        _itemsOf = itemsOf;
        foreach (var argument in arguments)
        {
            if (argument.Parameter is { } parameter)
            {
                var value = evaluate(argument.Value);
                _values[parameter.Name] = value;
                if (argument.ArgumentKind != ArgumentKind.DefaultValue && value is not Value.Tensor && !s_withoutEffect.Contains(parameter.Name))
                {
                    _unread.Add(parameter.Name);
                }
            }
        }
    }

    public override string Name { get; }

    /// <summary>In the order in which the call evaluates them.</summary>
    public IEnumerable<Value> All => _values.Values;

    public Value Of(string parameter) => _values.TryGetValue(parameter, out var value) ? value : Value.Unknown;

    /// <summary>The first of several parameters that the call knows.</summary>
    public Value OfAny(params string[] parameters) => parameters.Where(_values.ContainsKey).Select(Of).FirstOrDefault() ?? Value.Unknown;

    public override bool AreAllRead => _unread.Count == 0;

    public override Dim Size(params string[] parameters) => Told(AsSize(OfAny(parameters)), size => size.IsKnown, parameters);

    public override Rate Rate(params string[] parameters) => Told(
        OfAny(parameters) switch
        {
            Value.Real real => real.Rate,
            Value.Whole { Size.Constant: { } number } => Graph.Rate.Of(number),
            _ => Graph.Rate.Unknown,
        },
        rate => rate.IsKnown,
        parameters);

    public override double Number(string parameter, double otherwise)
    {
        var isUnread = _unread.Contains(parameter);
        if (Rate(parameter).Value is { } value)
        {
            return value;
        }

        // One that is known at run time only is not told by a number.
        if (isUnread)
        {
            _unread.Add(parameter);
        }

        return otherwise;
    }

    public override bool? Flag(params string[] parameters) =>
        Told<bool?>(OfAny(parameters) is Value.Truth truth ? truth.IsTrue : null, flag => flag is not null, parameters);

    public override string? Choice(string parameter) => Told((Of(parameter) as Value.Choice)?.Name, name => name is not null, [parameter]);

    public override bool IsNull(params string[] parameters) => Told(OfAny(parameters) is Value.Null, isNull => isNull, parameters);

    public override Layer? Layer(string parameter) => Told((Of(parameter) as Value.LayerModule)?.Layer, layer => layer is not null, [parameter]);

    public override EquatableArray<Dim> Window(int rank, Dim otherwise, params string[] parameters) => Told(
        OfAny(parameters) switch
        {
            Value.Whole whole => Enumerable.Repeat(whole.Size, rank).ToEquatableArray(),
            Value.Tuple tuple when tuple.Items.Length == rank => tuple.Items.Select(AsSize).ToEquatableArray(),
            Value.List list when _itemsOf(list.Id) is { IsComplete: true } items && items.All.Length == rank =>
                items.All.Select(item => AsSize(item.Value)).ToEquatableArray(),
            Value.Null => Enumerable.Repeat(otherwise, rank).ToEquatableArray(),
            _ => Enumerable.Repeat(_values.Keys.Any(parameters.Contains) ? Dim.Unknown : otherwise, rank).ToEquatableArray(),
        },
        window => window.All(size => size.IsKnown),
        parameters);

    /// <summary>Notes that an argument was asked for, if what it says is known.</summary>
    private T Told<T>(T result, Func<T, bool> isKnown, string[] parameters)
    {
        if (_unread.Count > 0 && isKnown(result) && parameters.FirstOrDefault(_values.ContainsKey) is { } parameter)
        {
            _unread.Remove(parameter);
        }

        return result;
    }

    private static Dim AsSize(Value value) => value is Value.Whole whole ? whole.Size : Dim.Unknown;
}
