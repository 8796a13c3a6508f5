using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <content>Calls: factories of modules, forwards, constructors, methods of the same source.</content>
internal sealed partial class Interpreter
{
    private static readonly HashSet<string> s_itself =
    [
        "to", "cuda", "cpu", "_to", "apply", "half", "bfloat16", "ToArray", "ToList", "AsEnumerable", "Cast", "OfType", "ToImmutableArray", "ToImmutableList",
        "alias",
    ];

    private Value Call(IInvocationOperation call)
    {
        var result = CallBound(call);
        ForgetReferences(call);
        return result;
    }

    private Value CallBound(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var instance = call.Instance is null ? null : Present(Evaluate(call.Instance));
        if (method.MethodKind == MethodKind.DelegateInvoke && instance is Value.Function function)
        {
            return Invoke(function, call.Arguments.Select(argument => Evaluate(argument.Value)).ToList());
        }

        var arguments = new Arguments(method.Name.TrimEnd('_'), call.Arguments, Evaluate, ItemsOf);
        if (models.BlockOf(method) is { } block && arguments.All.FirstOrDefault() is { } input)
        {
            return Graph.Add(new GraphOperation.Call(block), call.Syntax, Tensors(input).ToArray());
        }

        if (method.Name is "train" or "eval" && TorchTypes.IsModule(method.ContainingType))
        {
            AsksForMode = true;
        }

        if (TorchTypes.IsNN(method.ContainingType) && TorchTypes.IsOfTorch(method))
        {
            return Factory(method.Name, arguments, call);
        }

        if (method.Name is "forward" or "call" && TorchTypes.IsModule(method.ContainingType) && instance is not null)
        {
            return Apply(instance, arguments.All.ToList(), call);
        }

        if (instance is Value.List or Value.Sequence && Change(instance, method.Name, arguments) is { } changed)
        {
            return changed;
        }

        if (instance is Value.Instance { Id: var id } && method.Name is "register_module" or "add_module" && arguments.Of("name") is Value.Text name)
        {
            Register(((Value.Instance)instance).Id, name.Content, arguments.OfAny("submodule", "module"));
            return Value.Unknown;
        }

        if (TorchTypes.IsOfTorch(method))
        {
            return s_itself.Contains(method.Name) && TorchTypes.IsModule(call.Type) && instance is not null ? instance : CallTorch(call, instance, arguments);
        }

        if (method.ContainingType is { Name: "Enumerable" or "ImmutableArray" or "ImmutableList" })
        {
            return Query(method, arguments.All.ToList(), call);
        }

        var isFollowed = TorchTypes.Carries(method.ReturnType)
            || method.Parameters.Any(parameter => TorchTypes.Carries(parameter.Type))
            || instance is Value.Instance
            || method.MethodKind == MethodKind.LocalFunction;
        return (isFollowed ? Invoke(method, instance as Value.Instance, Bind(method, call.Arguments, arguments), call) : null)
            ?? Opaque(call, arguments.All, method.Name);
    }

    private Value CallTorch(IInvocationOperation call, Value? instance, Arguments arguments)
    {
        var operators = new TensorOperators(Graph, ItemsOf, item => NewList([new Value.Item(null, item)], isComplete: false));
        var result = operators.Call(call, instance, arguments)
            ?? Opaque(call, instance is null ? arguments.All : arguments.All.Prepend(instance), call.TargetMethod.Name);
        if (instance is Value.Tensor
            && result is Value.Tensor
            && call.TargetMethod.Name.EndsWith("_", StringComparison.Ordinal)
            && CellOf(call.Instance!) is { } changed)
        {
            // In place: who reads the variable next reads the result.
            Set(changed, result);
        }

        return result;
    }

    private static IReadOnlyList<(IParameterSymbol, Value)> Bind(IMethodSymbol method, IEnumerable<IArgumentOperation> operations, Arguments arguments) =>
        operations
        .Where(argument => argument.Parameter is not null)
        .Select(argument => (
            method.OriginalDefinition.Parameters.ElementAtOrDefault(argument.Parameter!.Ordinal) ?? argument.Parameter!,
            arguments.Of(argument.Parameter!.Name)))
        .ToList();

    /// <summary>Reads a method of the same source; null if it has no body here, or reading goes too deep.</summary>
    private Value? Invoke(IMethodSymbol method, Value.Instance? instance, IReadOnlyList<(IParameterSymbol Parameter, Value Value)> arguments, IOperation? call)
    {
        var target = instance is null ? method : Override(method, instance.Type);
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return call is not null && FunctionOf(method) is Value.Function local ? Invoke(local, arguments.Select(argument => argument.Value).ToList()) : null;
        }

        if (_depth >= DeepestCall
            || target.IsAsync
            || target.IsAbstract
            || bodies.Of(target.OriginalDefinition, cancellation) is not { } body
            || IsIterator(body))
        {
            return null;
        }

        var frame = new Frame(++_lastId, instance, null);
        for (var i = 0; i < arguments.Count; i++)
        {
            // An override has parameters of its own.
            var parameter = target.OriginalDefinition.Parameters.ElementAtOrDefault(arguments[i].Parameter.Ordinal) ?? arguments[i].Parameter;
            Set(new(frame.Id, parameter), arguments[i].Value);
        }

        var root = _current;
        _current = body;
        var result = Run(frame, body);
        _current = root;
        return result;
    }

    private static IMethodSymbol Override(IMethodSymbol method, INamedTypeSymbol type)
    {
        if (!method.IsVirtual && !method.IsOverride && !method.IsAbstract)
        {
            return method;
        }

        for (var holder = type; holder is not null; holder = holder.BaseType)
        {
            foreach (var candidate in holder.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                for (var overridden = candidate; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method.OriginalDefinition))
                    {
                        return candidate;
                    }
                }
            }
        }

        return method;
    }

    private static bool IsIterator(IOperation body) => body.Syntax.DescendantNodes().Any(node => node is YieldStatementSyntax);

    private Value Run(Frame frame, IOperation body)
    {
        var caller = _frame;
        _frame = frame;
        _depth++;
        foreach (var block in Blocks(body))
        {
            if (Execute(block))
            {
                frame.Returned.Add((new Value.Never(), _heap));
            }
        }

        _depth--;
        _frame = caller;
        Continue(frame.Returned.Select(path => path.Heap.Without(frame.Id)).ToList());
        var results = frame.Returned.Select(path => path.Value).Where(value => value is not Value.Never).ToList();
        return results.Count == 0 ? Value.Unknown : results.Aggregate((one, other) => one.Equals(other) ? one : Join(one, other));
    }

    private Value FunctionOf(IMethodSymbol method)
    {
        if (method.MethodKind != MethodKind.LocalFunction)
        {
            return Value.Unknown;
        }

        // The operation that declares it lies in the code that is being read.
        return method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is LocalFunctionStatementSyntax syntax && _current is { } root
            && root.Descendants().OfType<ILocalFunctionOperation>().FirstOrDefault(local => local.Syntax == syntax) is { Body: { } body }
            ? new Value.Function(method, body, _frame)
            : Value.Unknown;
    }

    private Value Invoke(Value.Function function, IReadOnlyList<Value> arguments)
    {
        if (_depth >= DeepestCall)
        {
            return Value.Unknown;
        }

        var frame = new Frame(++_lastId, function.Frame.This, function.Frame);
        for (var i = 0; i < Math.Min(arguments.Count, function.Method.Parameters.Length); i++)
        {
            Set(new(frame.Id, function.Method.Parameters[i]), arguments[i]);
        }

        return Run(frame, function.Body);
    }

    /// <summary>Makes what a function of <c>torch.nn</c> makes.</summary>
    private Value Factory(string name, Arguments arguments, IInvocationOperation call)
    {
        switch (name)
        {
            case "Sequential":
                var sequence = new Value.Sequence(++_lastId);
                Set(new(sequence.Id, null), ItemsIn(call.Arguments.Length == 1 ? arguments.All.First() : NewList([])));
                Sequences.Add((sequence, call));
                return sequence;
            case "ModuleList" or "ModuleDict":
                var items = ItemsIn(arguments.All.FirstOrDefault() ?? NewList([]));
                return NewList(items.All, items.IsComplete);
            case "Identity":
                return new Value.LayerModule(++_lastId, new OtherLayer("Identity"), Dim.Unknown, false);
            case "Parameter":
                return Graph.Add(new GraphOperation.Constant("parameter", IsLearned: true), call.Syntax);
            default:
                return Module(LayerKinds.Module(arguments), call.Syntax);
        }
    }

    private Value.LayerModule Module(MadeLayer made, SyntaxNode code) =>
        new(++_lastId, made.Layer with { Origin = Graph.PlaceOf(code) }, made.InSize, made.HasBias);

    /// <summary>The modules in a list, each with the name that a tuple gives it.</summary>
    private Value.Contents ItemsIn(Value value)
    {
        if (value is not (Value.List or Value.Sequence))
        {
            return new Value.Contents(ImmutableArray<Value.Item>.Empty, IsComplete: false);
        }

        var items = ItemsOf(value is Value.List list ? list.Id : ((Value.Sequence)value).Id);
        return items with
        {
            All = items.All.Select(item => item.Value is Value.Tuple { Items: [var name, var module] }
                ? item with { Name = (name as Value.Text)?.Content, Value = module }
                : item).ToImmutableArray(),
        };
    }

    /// <summary>A call that changes a list or asks for an item; null for any other.</summary>
    private Value? Change(Value collection, string method, Arguments arguments)
    {
        var id = collection is Value.List list ? list.Id : ((Value.Sequence)collection).Id;
        var items = ItemsOf(id);
        var values = arguments.All.ToList();
        switch (method)
        {
            case "Add" or "append" or "Append" or "add_module" or "register_module" or "AddRange" or "extend" when values.Count is 1 or 2:
                var added = values[values.Count - 1];
                // append(params T[]) and AddRange take several.
                var several = added is Value.List ? ItemsIn(added) : new Value.Contents(
                    ImmutableArray.Create(new Value.Item(values.Count == 2 && values[0] is Value.Text name ? name.Content : null, added)),
                    IsComplete: true);
                Set(
                    new(id, null),
                    new Value.Contents(items.All.AddRange(ItemsIn(NewList(several.All, several.IsComplete)).All), items.IsComplete && several.IsComplete));
                return collection;
            case "ToArray" or "ToList" or "to" or "cuda" or "cpu" or "AsReadOnly":
                return collection;
            case "Insert" or "Remove" or "RemoveAt" or "Clear" or "Reverse" or "Sort":
                Set(new(id, null), new Value.Contents(ImmutableArray<Value.Item>.Empty, IsComplete: method == "Clear"));
                return Value.Unknown;
            default:
                return null;
        }
    }

    /// <summary>LINQ over what is known.</summary>
    private Value Query(IMethodSymbol method, IReadOnlyList<Value> arguments, IInvocationOperation call)
    {
        switch (method.Name, arguments)
        {
            case ("Range", [Value.Whole { Size.Constant: { } start }, Value.Whole { Size.Constant: >= 0 and <= MostTurns and var count }]):
                return NewList(Enumerable.Range(0, (int)count).Select(i => (Value)new Value.Whole(start + i)).ToList());
            case ("Repeat", [var item, Value.Whole { Size.Constant: >= 0 and <= MostTurns and var count }]):
                return NewList(Enumerable.Repeat(item, (int)count));
            case ("Select", [Value.List list, Value.Function function]):
                var items = ItemsOf(list.Id);
                var results = items.All.Select((item, i) => item with { Value = Invoke(function, [item.Value, new Value.Whole(i)]) }).ToList();
                return NewList(results, items.IsComplete);
            case ("Range" or "Select", _):
                // One turn of many, or of none.
                return arguments.OfType<Value.Function>().FirstOrDefault() is { } selector
                    ? NewList([new Value.Item(null, Invoke(selector, [Value.Unknown, Value.Unknown]), ++_lastId)], isComplete: false)
                    : NewList([], isComplete: false);
            case ("Concat", [Value.List first, Value.List second]):
                var (one, other) = (ItemsOf(first.Id), ItemsOf(second.Id));
                return NewList(one.All.Concat(other.All), one.IsComplete && other.IsComplete);
            case ("ToArray" or "ToList" or "ToImmutableArray" or "ToImmutableList" or "Cast" or "OfType" or "AsEnumerable", [var same]):
                return same;
            case ("Aggregate", [Value.List { Id: var id }, var seed, Value.Function step]) when ItemsOf(id) is { IsComplete: true } known:
                return known.All.Aggregate(seed, (result, item) => Invoke(step, [result, item.Value]));
            default:
                return Opaque(call, arguments, method.Name);
        }
    }

    private void Register(int owner, string name, Value module)
    {
        if (!_registered.TryGetValue(owner, out var names))
        {
            _registered[owner] = names = [];
        }

        names.Add((name, module));
    }

    private Value Create(IObjectCreationOperation creation)
    {
        var arguments = new Arguments(creation.Type?.Name ?? "", creation.Arguments, Evaluate, ItemsOf);
        if (creation.Type is not INamedTypeSymbol type || creation.Constructor is not { } constructor)
        {
            return Value.Unknown;
        }

        if (type.Name is "List" && type.ContainingNamespace?.Name == "Generic")
        {
            return Filled(creation, creation.Arguments.Length == 1 && arguments.All.First() is Value.List source
                ? NewList(ItemsOf(source.Id).All, ItemsOf(source.Id).IsComplete)
                : NewList([]));
        }

        if (models.IsDeclared(type))
        {
            return Declared(type, constructor, arguments, creation.Syntax);
        }

        if (!TorchTypes.IsModule(type))
        {
            return TorchTypes.IsTensor(type)
                ? Graph.Add(new GraphOperation.Constant(type.Name, IsLearned: type.Name == "Parameter"), creation.Syntax)
                : Value.Unknown;
        }

        if (TorchTypes.IsOfTorch(type))
        {
            return type.Name is "ModuleList"
                ? Filled(creation, NewList(ItemsIn(arguments.All.FirstOrDefault() ?? NewList([])).All, isComplete: true))
                : Unspecified(type);
        }

        if (TorchTypes.IsOwnLayer(type) && LayerKinds.OwnModule(arguments) is { } own)
        {
            return Module(own, creation.Syntax);
        }

        if (!readsParts)
        {
            return Unspecified(type);
        }

        return Construct(type, constructor, Bind(constructor, creation.Arguments, arguments));
    }

    /// <summary>A declared model, whose fields are generated: one layer, or an object whose graph is known.</summary>
    private Value Declared(INamedTypeSymbol type, IMethodSymbol constructor, Arguments arguments, SyntaxNode code)
    {
        var sizes = constructor.Parameters.Select(parameter => (parameter.Name, Value: arguments.Of(parameter.Name) as Value.Whole))
            .Where(argument => argument.Value is not null)
            .Select(argument => new NamedSize(Scope.Escape(argument.Name), argument.Value!.Size));
        return models.LayerOf(type, sizes.ToEquatableArray()) is { } layer
            ? new Value.LayerModule(++_lastId, layer with { Origin = Graph.PlaceOf(code) }, Dim.Unknown, null)
            : new Value.Instance(++_lastId, type.OriginalDefinition);
    }

    /// <summary>A list with the elements of its initializer.</summary>
    private Value.List Filled(IObjectCreationOperation creation, Value.List list)
    {
        foreach (var element in creation.Initializer?.Initializers.OfType<IInvocationOperation>() ?? [])
        {
            Change(list, element.TargetMethod.Name, new Arguments(element.TargetMethod.Name, element.Arguments, Evaluate, ItemsOf));
        }

        return list;
    }

    /// <summary>Makes an object of a class: its initializers run, then its base's constructor, then its own.</summary>
    public Value.Instance Construct(INamedTypeSymbol type, IMethodSymbol? constructor, IReadOnlyList<(IParameterSymbol Parameter, Value Value)>? arguments)
    {
        var instance = new Value.Instance(++_lastId, type.OriginalDefinition);
        RunConstructor(instance, type.OriginalDefinition, constructor?.OriginalDefinition, arguments ?? (constructor?.OriginalDefinition.Parameters
            ?? ImmutableArray<IParameterSymbol>.Empty).Select(parameter => (parameter, Unspecified(parameter))).ToList());
        return instance;
    }

    private void RunConstructor(
        Value.Instance instance,
        INamedTypeSymbol type,
        IMethodSymbol? constructor,
        IReadOnlyList<(IParameterSymbol Parameter, Value Value)> arguments)
    {
        if (_depth >= DeepestCall)
        {
            return;
        }

        var caller = _frame;
        var root = _current;
        _frame = new Frame(++_lastId, instance, null);
        _depth++;
        var isPrimary = constructor?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is TypeDeclarationSyntax;
        foreach (var (parameter, value) in arguments)
        {
            Set(new(isPrimary ? instance.Id : _frame.Id, parameter), value);
        }

        var body = constructor is null || isPrimary ? null : bodies.Of(constructor, cancellation) as IConstructorBodyOperation;
        var chained = body?.Initializer?.Descendants().OfType<IInvocationOperation>().FirstOrDefault(call => call.TargetMethod.MethodKind
            == MethodKind.Constructor);
        var chainedArguments = chained is null
            ? []
            : Bind(chained.TargetMethod, chained.Arguments, new Arguments(chained.TargetMethod.Name, chained.Arguments, Evaluate, ItemsOf));
        if (chained is not null && SymbolEqualityComparer.Default.Equals(chained.TargetMethod.ContainingType.OriginalDefinition, type))
        {
            RunConstructor(instance, type, chained.TargetMethod.OriginalDefinition, chainedArguments);
        }
        else
        {
            Initialize(instance, type);
            if (type.BaseType?.OriginalDefinition is { DeclaringSyntaxReferences.IsEmpty: false } parent)
            {
                var inherited = chained?.TargetMethod.OriginalDefinition
                    ?? parent.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.IsEmpty) ?? parent.InstanceConstructors.FirstOrDefault();
                RunConstructor(instance, parent, inherited, chained is null
                    ? (inherited?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty).Select(parameter => (parameter, Unspecified(parameter))).ToList()
                    : chainedArguments);
            }
        }

        if (body is not null)
        {
            _current = body;
            foreach (var block in Blocks(body))
            {
                Execute(block);
            }

            // A constructor that returns early has returned.
            Continue(_frame.Returned.Select(path => path.Heap).Append(_heap).ToList());
        }

        _heap = _heap.Without(_frame.Id);
        _depth--;
        _frame = caller;
        _current = root;
    }

    private void Initialize(Value.Instance instance, INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers().Where(member => !member.IsStatic))
        {
            if (Symbols.IsGenerated(member))
            {
                continue;
            }

            if (member is IFieldSymbol { IsImplicitlyDeclared: false, IsConst: false } or IPropertySymbol
                && bodies.InitializerOf(member, cancellation) is { } initializer)
            {
                Set(new(instance.Id, member), InitialValue(initializer));
            }
            else if (member is IFieldSymbol { IsImplicitlyDeclared: false, Type.IsReferenceType: true } field && TorchTypes.IsModule(field.Type))
            {
                Set(new(instance.Id, member), new Value.Null());
            }
        }
    }

    private Value InitialValue(IOperation initializer)
    {
        var root = _current;
        _current = initializer;
        var value = initializer is ISymbolInitializerOperation { Value: var initial } ? Evaluate(initial) : Value.Unknown;
        _current = root;
        return value;
    }

    /// <summary>Runs the forward of a module.</summary>
    public Value Apply(Value module, IReadOnlyList<Value> inputs, IInvocationOperation call) => Apply(module, inputs, call.Syntax, call.Type);

    private Value Apply(Value module, IReadOnlyList<Value> inputs, SyntaxNode code, ITypeSymbol? result)
    {
        var nodes = inputs.SelectMany(Tensors).ToArray();
        switch (module)
        {
            case Value.Maybe maybe:
                return Apply(maybe.Inner, inputs, code, result);
            case Value.OneOf choice:
                return ChooseAny(choice.Modules.Select(one => (Func<Value>)(() => Apply(one, inputs, code, result))).ToList());
            case Value.LayerModule { Layer: OtherLayer { Module: "Identity" } } when inputs.Count > 0:
                return inputs[0];
            case Value.LayerModule layer:
                return Given(result, Graph.Add(new GraphOperation.Apply(layer.Layer, layer.InSize, layer.HasBias, "", layer.Id), code, nodes));
            case Value.Sequence sequence:
                return ApplySequence(sequence, inputs, code, result);
            case Value.Instance instance when ApplyInstance(instance, inputs, code, result) is { } value:
                return value;
            default:
                var name = module switch { Value.Instance instance => instance.Type.Name, Value.OpaqueModule opaque => opaque.Type, _ => "?" };
                return Given(result, Graph.Add(new GraphOperation.Unknown(name, IsModule: true), code, nodes));
        }
    }

    /// <summary>The first of several tensors is the one that matters: the others are states and weights.</summary>
    private static Value Given(ITypeSymbol? type, Value.Tensor tensor) =>
        type is INamedTypeSymbol { Name: "Tuple" or "ValueTuple", TypeArguments.Length: > 1 and var length }
        ? new Value.Tuple(Enumerable.Repeat(Value.Unknown, length - 1).Prepend(tensor).ToImmutableArray())
        : tensor;

    private Value ApplySequence(Value.Sequence sequence, IReadOnlyList<Value> inputs, SyntaxNode code, ITypeSymbol? result)
    {
        Applied.Add(sequence.Id);
        var items = ItemsOf(sequence.Id);
        var value = inputs.FirstOrDefault() ?? Value.Unknown;
        var before = value;
        for (var i = 0; i < items.All.Length; i++)
        {
            var item = items.All[i];
            before = i == 0 || items.All[i - 1].Condition != item.Condition ? value : before;
            value = Apply(item.Value, [value], PlaceOf(item.Value) ?? code, null);
            if (!item.IsCertain && items.All.ElementAtOrDefault(i + 1)?.Condition != item.Condition)
            {
                value = Join(before, value);
            }
        }

        return items.IsComplete ? value : Given(result, Graph.Add(new GraphOperation.Unknown("Sequential", IsModule: true), code, Tensors(value).ToArray()));
    }

    /// <summary>An item of a sequence is applied where it is made.</summary>
    private SyntaxNode? PlaceOf(Value module) =>
        module is Value.LayerModule { Layer.Origin: { Kind: OriginKind.Code, Member: var place } } ? Graph.Places[place] : null;

    private Value? ApplyInstance(Value.Instance instance, IReadOnlyList<Value> inputs, SyntaxNode code, ITypeSymbol? result)
    {
        var owner = Graph.Owner;
        Graph.Owner = $"#{instance.Id}";
        try
        {
            if (models.IsDeclared(instance.Type))
            {
                return models.GraphOf(instance.Type) is { } graph ? Inline(graph, inputs, code) : null;
            }

            return ForwardOf(instance.Type, inputs.Count) is { } forward
                ? Invoke(forward, instance, forward.Parameters.Zip(inputs, (parameter, value) => (parameter, value)).ToList(), null)
                : null;
        }
        finally
        {
            Graph.Owner = owner;
        }
    }

    /// <summary>The forward that a class or one of its bases overrides.</summary>
    public static IMethodSymbol? ForwardOf(INamedTypeSymbol type, int? inputs = null)
    {
        for (var holder = type; holder is { DeclaringSyntaxReferences.IsEmpty: false }; holder = holder.BaseType?.OriginalDefinition)
        {
            var forward = holder.GetMembers("forward").OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride
                && !method.IsAbstract
                && (inputs is null || method.Parameters.Length == inputs));
            if (forward is not null)
            {
                return forward;
            }
        }

        return null;
    }

    /// <summary>The steps of a declared model in the place of a call of it.</summary>
    private Value Inline(LayerGraph graph, IReadOnlyList<Value> inputs, SyntaxNode code)
    {
        var places = new List<int>();
        var taken = 0;
        foreach (var node in graph.Nodes)
        {
            if (node.Operation is GraphOperation.Input && taken < inputs.Count && Tensors(inputs[taken]).ToList() is [var given])
            {
                taken++;
                places.Add(given);
                continue;
            }

            // What is written in its own code is found there.
            var used = node.Used.Kind == OriginKind.Code ? Graph.PlaceOf(code) : node.Used;
            places.Add(Graph.AddOf(node, used, node.Inputs.Select(input => places[input]).ToArray()).Node);
        }

        return graph.Outputs.Count == 1
            ? new Value.Tensor(places[graph.Outputs[0]])
            : new Value.Tuple(graph.Outputs.Select(output => (Value)new Value.Tensor(places[output])).ToImmutableArray());
    }
}
