using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Layers;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Recognized;

/// <summary>
/// Reads code as if it ran, with values instead of numbers: what modules a constructor makes, and what a forward does with them. Where a condition is not
/// known both ways are read. It is bounded: past a number of operations nothing more is read, and the rest is unknown.
/// </summary>
/// <param name="bodies">The code.</param>
/// <param name="models">The declared models in it.</param>
/// <param name="readsParts">Whether modules of the same source inside of others are read too; otherwise they are unknown.</param>
/// <param name="cancellation">Stops the work.</param>
internal sealed partial class Interpreter(CodeBodies bodies, IDeclaredModels models, bool readsParts, CancellationToken cancellation)
{
    private const int MostOperations = 5_000;
    private const int DeepestCall = 16;
    private const int DeepestNesting = 300;
    private const int MostTurns = 64;

    private readonly Dictionary<int, List<(string Name, Value Module)>> _registered = [];
    private readonly Stack<Value> _accessed = new();
    private Heap _heap = Heap.Empty;
    private Frame _frame = new(0, null, null);

    /// <summary>The code of the member that is being read, in which its local functions lie.</summary>
    private IOperation? _current;

    private int _lastId;
    private int _operations;
    private int _depth;
    private int _nesting;

    public GraphWriter Graph { get; } = new();

    /// <summary>Whether code that was read asks for the mode of a module, or sets it.</summary>
    public bool AsksForMode { get; private set; }

    /// <summary>Whether all that was asked for was read.</summary>
    public bool IsWithinBounds => _operations < MostOperations;

    /// <summary>The sequences that were made and not applied so far, those inside of others left out.</summary>
    public HashSet<int> Applied { get; } = [];

    public List<(Value.Sequence Sequence, IOperation Made)> Sequences { get; } = [];

    /// <summary>The explicit names under which an object's modules are registered.</summary>
    public IReadOnlyList<(string Name, Value Module)> RegisteredIn(int instance) => _registered.TryGetValue(instance, out var list) ? list : [];

    /// <summary>What the members of all objects hold, by object.</summary>
    public ILookup<int, (ISymbol Member, Value Value)> Members() => _heap.Objects
        .Where(pair => pair.Key.Symbol is IFieldSymbol or IPropertySymbol)
        .OrderBy(pair => pair.Key.Symbol!.Name, StringComparer.Ordinal)
        .ToLookup(pair => pair.Key.Owner, pair => (pair.Key.Symbol!, pair.Value));

    public Value.Contents ItemsOf(int list) => _heap[new(list, null)] as Value.Contents ?? new(ImmutableArray<Value.Item>.Empty, IsComplete: false);

    /// <summary>Reads statements of a method that is not called by anything read.</summary>
    public void Run(IOperation body, IMethodSymbol? method)
    {
        foreach (var parameter in method?.Parameters ?? ImmutableArray<IParameterSymbol>.Empty)
        {
            Set(new(_frame.Id, parameter), Unspecified(parameter));
        }

        _current = body;
        foreach (var block in Blocks(body))
        {
            Execute(block);
        }
    }

    /// <summary>Reads a forward with inputs of which nothing is known. Returns where its nodes begin and which it returns.</summary>
    public (int First, IReadOnlyList<int> Outputs) RunForward(Value.Instance instance, IMethodSymbol forward, IOperation body)
    {
        var first = Graph.Nodes.Count;
        var frame = new Frame(++_lastId, instance, null);
        foreach (var parameter in forward.Parameters)
        {
            if (!TorchTypes.IsTensor(parameter.Type))
            {
                Set(new(frame.Id, parameter), Unspecified(parameter));
                continue;
            }

            var input = Graph.Add(new GraphOperation.Input(parameter.Name), SyntaxOf(parameter) ?? body.Syntax);
            Set(new(frame.Id, parameter), parameter.NullableAnnotation == NullableAnnotation.Annotated ? new Value.Maybe(input) : input);
        }

        _current = body;
        return (first, Tensors(Run(frame, body)).Distinct().ToList());
    }

    /// <summary>Reads an expression by itself, of whose variables nothing is known, and applies the module that it makes.</summary>
    public (Value Module, (int First, IReadOnlyList<int> Outputs) Run) RunMade(IOperation creation)
    {
        _current = creation;
        var module = Evaluate(creation);
        var first = Graph.Nodes.Count;
        var input = Graph.Add(new GraphOperation.Input("input"), creation.Syntax);
        return (module, (first, Tensors(Apply(module, [input], creation.Syntax, null)).ToList()));
    }

    /// <summary>Applies a sequence to an input of which nothing is known.</summary>
    public (int First, IReadOnlyList<int> Outputs) RunSequence(Value.Sequence sequence, IOperation made)
    {
        var first = Graph.Nodes.Count;
        var input = Graph.Add(new GraphOperation.Input("input"), made.Syntax);
        return (first, Tensors(ApplySequence(sequence, [input], made.Syntax, null)).ToList());
    }

    private SyntaxNode? SyntaxOf(ISymbol symbol) => symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);

    private static IEnumerable<IOperation> Blocks(IOperation body) => body switch
    {
        IMethodBodyOperation method => [method.BlockBody ?? method.ExpressionBody!],
        IConstructorBodyOperation constructor => [constructor.BlockBody ?? constructor.ExpressionBody!],
        _ => [body],
    };

    private Value Set(Cell cell, Value value)
    {
        _heap = _heap.With(cell, value);
        return value;
    }

    /// <summary>Reads one statement. Returns whether the next one can be reached.</summary>
    private bool Execute(IOperation? statement)
    {
        cancellation.ThrowIfCancellationRequested();
        if (statement is null || ++_operations > MostOperations || _nesting >= DeepestNesting)
        {
            return statement is null;
        }

        _nesting++;
        var isPassed = ExecuteNested(statement);
        _nesting--;
        return isPassed;
    }

    private bool ExecuteNested(IOperation statement)
    {
        switch (statement)
        {
            case IBlockOperation block:
                return block.Operations.All(Execute);
            case IExpressionStatementOperation expression:
                Evaluate(expression.Operation);
                return true;
            case IVariableDeclarationGroupOperation group:
                foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                {
                    Declare(declarator);
                }

                return true;
            case IReturnOperation { Kind: OperationKind.Return } result:
                _frame.Returned.Add((result.ReturnedValue is null ? Value.Unknown : Evaluate(result.ReturnedValue), _heap));
                return false;
            case IThrowOperation:
                return false;
            case IConditionalOperation branch:
                return ExecuteEither(Evaluate(branch.Condition), () => Execute(branch.WhenTrue), () => branch.WhenFalse is null || Execute(branch.WhenFalse));
            case ISwitchOperation choice:
                Evaluate(choice.Value);
                return ExecuteAny(choice.Cases.Select(section => (Func<bool>)(() => section.Body.All(Execute))).Append(() => true).ToList(), new Loop());
            case IUsingOperation scope:
                return Execute(scope.Resources) && Execute(scope.Body);
            case IUsingDeclarationOperation scoped:
                return Execute(scoped.DeclarationGroup);
            case ITryOperation attempt:
                return Execute(attempt.Body) && (attempt.Finally is null || Execute(attempt.Finally));
            case ILockOperation locked:
                return Execute(locked.Body);
            case ILabeledOperation labeled:
                return Execute(labeled.Operation);
            case IForEachLoopOperation each:
                return ForEach(each);
            case IForLoopOperation counted:
                return For(counted);
            case IWhileLoopOperation loop:
                return Repeat(() => loop.ConditionIsTop ? Evaluate(loop.Condition!) : null, loop, () => { });
            case IBranchOperation { BranchKind: BranchKind.Break } when _frame.Loops.Count > 0:
                _frame.Loops.Peek().Breaks.Add(_heap);
                return false;
            case IBranchOperation { BranchKind: BranchKind.Continue } when _frame.Loops.Count > 0:
                _frame.Loops.Peek().Continues.Add(_heap);
                return false;
            case IBranchOperation { BranchKind: BranchKind.GoTo }:
                // What runs next is not told by the order of statements.
                _operations = MostOperations;
                return false;
            case ILocalFunctionOperation or IEmptyOperation:
                return true;
            default:
                Evaluate(statement);
                return true;
        }
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        if (declarator.GetVariableInitializer()?.Value is not { } value)
        {
            return;
        }

        var initial = Evaluate(value);
        if (declarator.Symbol.IsRef)
        {
            // Two names for one variable: neither tells what the other does.
            ForgetTarget(value);
            initial = Value.Unknown;
        }

        Set(new(_frame.Id, declarator.Symbol), initial);
    }

    /// <summary>Reads one way if the condition is known, else both.</summary>
    private bool ExecuteEither(Value condition, Func<bool> whenTrue, Func<bool> whenFalse) => condition is Value.Truth truth
        ? truth.IsTrue ? whenTrue() : whenFalse()
        : ExecuteAny([whenTrue, whenFalse], null);

    /// <summary>Reads each way from the same start; what differs afterwards is joined.</summary>
    private bool ExecuteAny(IReadOnlyList<Func<bool>> ways, Loop? breaks)
    {
        var start = _heap;
        var ends = new List<Heap>();
        if (breaks is not null)
        {
            _frame.Loops.Push(breaks);
        }

        foreach (var way in ways)
        {
            _heap = start;
            if (way())
            {
                ends.Add(_heap);
            }
        }

        if (breaks is not null)
        {
            _frame.Loops.Pop();
            ends.AddRange(breaks.Breaks);
        }

        return Continue(ends);
    }

    private bool Continue(IReadOnlyList<Heap> ends)
    {
        if (ends.Count == 0)
        {
            return false;
        }

        _heap = ends.Aggregate((one, other) => Heap.Join(one, other, Join));
        return true;
    }

    private bool For(IForLoopOperation loop)
    {
        foreach (var statement in loop.Before)
        {
            Execute(statement);
        }

        return Repeat(
            () => loop.Condition is null ? null : Evaluate(loop.Condition),
            loop,
            () =>
            {
                foreach (var statement in loop.AtLoopBottom)
                {
                    Execute(statement);
                }
            });
    }

    /// <summary>Reads turn after turn while the condition is known to hold; where it is not known, one turn that may be none or many.</summary>
    private bool Repeat(Func<Value?> condition, ILoopOperation loop, Action atBottom)
    {
        var exits = new List<Heap>();
        for (var turn = 0; ; turn++)
        {
            var holds = condition();
            if (holds is Value.Truth { IsTrue: false })
            {
                exits.Add(_heap);
                break;
            }

            if (holds is not Value.Truth || turn == MostTurns)
            {
                Forget(loop);
                exits.Add(_heap);
                if (Turn(loop.Body, atBottom, exits))
                {
                    exits.Add(_heap);
                }

                break;
            }

            if (!Turn(loop.Body, atBottom, exits))
            {
                break;
            }
        }

        return Continue(exits);
    }

    /// <summary>Reads one turn of a loop. Returns whether another can follow.</summary>
    private bool Turn(IOperation body, Action atBottom, List<Heap> exits)
    {
        var loop = new Loop();
        _frame.Loops.Push(loop);
        var isReached = Execute(body);
        _frame.Loops.Pop();
        exits.AddRange(loop.Breaks);
        if (!Continue(isReached ? [_heap, .. loop.Continues] : loop.Continues))
        {
            return false;
        }

        atBottom();
        return IsWithinBounds;
    }

    private bool ForEach(IForEachLoopOperation loop)
    {
        var collection = Evaluate(loop.Collection);
        var items = collection is Value.List list ? ItemsOf(list.Id) : collection is Value.Sequence sequence ? ItemsOf(sequence.Id) : null;
        var exits = new List<Heap>();
        if (items is { IsComplete: true } && items.All.Length <= MostTurns)
        {
            var before = _heap;
            for (var i = 0; i < items.All.Length; i++)
            {
                var item = items.All[i];
                before = i == 0 || items.All[i - 1].Condition != item.Condition ? _heap : before;
                Bind(loop.LoopControlVariable, item.Value);
                var goesOn = Turn(loop.Body, () => { }, exits);
                if (!item.IsCertain && items.All.ElementAtOrDefault(i + 1)?.Condition != item.Condition)
                {
                    goesOn = Continue(goesOn ? [before, _heap] : [before]);
                }

                if (!goesOn)
                {
                    return Continue(exits);
                }
            }

            exits.Add(_heap);
            return Continue(exits);
        }

        Forget(loop);
        exits.Add(_heap);
        Bind(loop.LoopControlVariable, Value.Unknown);
        if (Turn(loop.Body, () => { }, exits))
        {
            exits.Add(_heap);
        }

        return Continue(exits);
    }

    private void Bind(IOperation variable, Value value)
    {
        switch (variable)
        {
            case IVariableDeclaratorOperation declarator:
                Set(new(_frame.Id, declarator.Symbol), value);
                break;
            default:
                Assign(variable, value);
                break;
        }
    }

    /// <summary>What a loop assigns is not what it was before, in all turns but the first.</summary>
    private void Forget(ILoopOperation loop)
    {
        foreach (var operation in loop.Descendants())
        {
            switch (operation)
            {
                case IAssignmentOperation assignment:
                    ForgetTarget(assignment.Target);
                    break;
                case IIncrementOrDecrementOperation counted:
                    ForgetTarget(counted.Target);
                    break;
                case IInvocationOperation
                {
                    TargetMethod.Name: "Add" or "append" or "Append" or "Insert" or "Clear" or "Push" or "Enqueue",
                    Instance: { } instance
                }
                    when Peek(instance) is Value.List list:
                    // What the loop adds, reading it once tells.
                    Set(new(list.Id, null), ItemsOf(list.Id));
                    break;
            }
        }
    }

    private void ForgetTarget(IOperation target)
    {
        if (target is ITupleOperation tuple)
        {
            foreach (var element in tuple.Elements)
            {
                ForgetTarget(element);
            }
        }
        else if (CellOf(target) is { } cell && _heap[cell] is { } before)
        {
            // A tensor that goes round stays a tensor: that of the first turn, or of a later one.
            Set(cell, before is Value.Tensor tensor ? Graph.Add(new GraphOperation.Either(), target.Syntax, tensor.Node) : Value.Unknown);
        }
    }

    /// <summary>What a call that is not read may have changed: the variables that it gets by reference.</summary>
    private void ForgetReferences(IOperation call)
    {
        foreach (var argument in call.ChildOperations.Select(child => child is IArgumentOperation passed ? passed.Value : child))
        {
            if (argument.Syntax.Parent is ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword or (int)SyntaxKind.OutKeyword }
                && CellOf(argument) is { } cell)
            {
                Set(cell, Value.Unknown);
            }
        }
    }

    private Value Join(Value left, Value right)
    {
        switch (left, right)
        {
            case (Value.Null, Value.Maybe) or (Value.Maybe, Value.Null):
                return left is Value.Maybe ? left : right;
            case (Value.Null, _):
                return new Value.Maybe(right);
            case (_, Value.Null):
                return new Value.Maybe(left);
            case (Value.Maybe one, Value.Maybe other):
                return one.Inner.Equals(other.Inner) ? one : Value.Unknown;
            case (Value.Maybe one, _):
                return one.Inner.Equals(right) ? one : Value.Unknown;
            case (_, Value.Maybe other):
                return other.Inner.Equals(left) ? other : Value.Unknown;
            case (Value.Tensor one, Value.Tensor other):
                return Either(one, other);
            case (Value.Tuple one, Value.Tuple other) when one.Items.Length == other.Items.Length:
                return new Value.Tuple(one.Items.Zip(other.Items, (a, b) => a.Equals(b) ? a : Join(a, b)).ToImmutableArray());
            case (Value.Contents one, Value.Contents other):
                return Join(one, other);
            default:
                return IsModule(left) && IsModule(right) ? new Value.OneOf(Modules(left).Concat(Modules(right)).Distinct().ToImmutableArray()) : Value.Unknown;
        }
    }

    private static bool IsModule(Value value) => value is Value.LayerModule or Value.Sequence or Value.Instance or Value.OpaqueModule or Value.OneOf;

    private static IEnumerable<Value> Modules(Value value) => value is Value.OneOf choice ? choice.Modules : Enumerable.Repeat(value, 1);

    private Value.Tensor Either(Value.Tensor one, Value.Tensor other)
    {
        var nodes = Alternatives(one.Node).Concat(Alternatives(other.Node)).Distinct().ToArray();
        var last = Graph.Nodes[Math.Max(one.Node, other.Node)];
        return nodes.Length == 1 ? new Value.Tensor(nodes[0]) : Graph.AddAt(new GraphOperation.Either(), last.Used, Shape.Unknown, nodes);
    }

    private IEnumerable<int> Alternatives(int node) =>
        Graph.Nodes[node] is { Operation: GraphOperation.Either, Inputs: { Count: > 0 } inputs } ? inputs : [node];

    /// <summary>A list that is longer on one path has items that may be there.</summary>
    private Value Join(Value.Contents one, Value.Contents other)
    {
        var (shorter, longer) = one.All.Length <= other.All.Length ? (one, other) : (other, one);
        for (var i = 0; i < shorter.All.Length; i++)
        {
            if (!shorter.All[i].Value.Equals(longer.All[i].Value))
            {
                return new Value.Contents(shorter.All.RemoveRange(i, shorter.All.Length - i), IsComplete: false);
            }
        }

        var condition = ++_lastId;
        var rest = longer.All.Skip(shorter.All.Length).Select(item => item.IsCertain ? item with { Condition = condition } : item);
        return new Value.Contents(shorter.All.AddRange(rest), one.IsComplete && other.IsComplete);
    }

    /// <summary>What a parameter holds of which nobody says the value: a size or rate by its name, or a module of its type.</summary>
    private Value Unspecified(IParameterSymbol parameter) => parameter.Type.SpecialType switch
    {
        SpecialType.System_Int32 or SpecialType.System_Int64 => new Value.Whole(Dim.Symbol(parameter.Name)),
        SpecialType.System_Double or SpecialType.System_Single => new Value.Real(new Rate(parameter.Name, parameter.Name, null)),
        _ => Unspecified(parameter.Type),
    };

    /// <summary>A module of which nothing but its class is known: of a layer of TorchSharp that tells what it does, but for its numbers.</summary>
    private Value Unspecified(ITypeSymbol? type) => !TorchTypes.IsModule(type) ? Value.Unknown
        : type is INamedTypeSymbol named && TorchTypes.IsLayerClass(named) && LayerKinds.OfClass(named.Name) is { } made
            ? new Value.LayerModule(++_lastId, made.Layer, made.InSize, made.HasBias)
        : new Value.OpaqueModule(++_lastId, type!.Name);
}
