using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Flow;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>Sees each call of a method, in the order of the source, with what is known before it.</summary>
internal delegate void CallObserver(ModeAnalysis analysis, ModeState state, IInvocationOperation call);

/// <summary>
/// Follows the modes of modules and the gradient scopes through one method. It runs once, for any caller: a module that the method gets is in the mode that
/// it was in. What a caller knows is put in when the calls are observed.
/// </summary>
/// <param name="torch">The symbols of TorchSharp.</param>
/// <param name="graph">The method.</param>
/// <param name="fields">The private fields of the type that hold modules.</param>
/// <param name="summaries">What a method does that it calls, where that is in sight.</param>
internal sealed class ModeAnalysis(TorchSymbols torch, ControlFlowGraph graph, ImmutableArray<AccessPath> fields, Func<IMethodSymbol, MethodSummary?> summaries)
    : ForwardAnalysis<ModeState>
{
    private readonly Dictionary<IOperation, IOperation[]> _steps = [];
    private readonly Dictionary<IOperation, IOperation[]> _moved = [];
    private CallContext _context = CallContext.Open;
    private CallObserver? _observer;
    private Modes _returned;

    /// <summary>Whether the caller has gradients off.</summary>
    public bool BeginsWithoutGradients => _context.Gradients == Gradients.Off;

    /// <summary>Runs to the fixpoint.</summary>
    /// <param name="givesModule">Whether the method gives a module back.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>What the method does, or null where the analysis gave up.</returns>
    public MethodSummary? Run(bool givesModule, CancellationToken cancellation)
    {
        var end = Run(graph, ModeState.Empty, cancellation) ?? ModeState.Empty;
        if (GaveUp)
        {
            return null;
        }

        if (givesModule)
        {
            Replay(graph);
        }

        return new(
            end.Modules.Where(pair => pair.Key.Creation is null).ToImmutableDictionary(pair => pair.Key.Path!.Value, pair => pair.Value),
            end.Places.Where(pair => pair.Key.Symbol is IFieldSymbol or IPropertySymbol or ILocalSymbol)
                .ToImmutableDictionary(pair => pair.Key, pair => Written(end, pair.Value)),
            _returned is Modes.None ? Modes.Unknown : _returned);
    }

    /// <summary>Shows each call of the method, with what is known before it. Without a fixpoint nothing is.</summary>
    /// <param name="context">What is known when the method begins.</param>
    /// <param name="observer">Sees each call once, or once for each way into a finally region.</param>
    public void Observe(CallContext context, CallObserver observer)
    {
        if (GaveUp)
        {
            return;
        }

        (_context, _observer) = (context, observer);
        Replay(graph);
        (_context, _observer) = (CallContext.Open, null);
    }

    /// <summary>What is known of a module.</summary>
    public ModuleState StateOf(ModeState state, ModuleValue module) =>
        state.Modules.TryGetValue(module, out var known) ? Resolved(module, known) : AtEntry(module) ?? ModuleState.New;

    /// <summary>Modes of a module that were noted on the way, with those that it was in when the method began.</summary>
    public Modes Resolved(ModuleValue module, Modes noted) => Resolved(module, new ModuleState(noted)).Modes;

    /// <summary>Whether operations are recorded for a backward pass.</summary>
    public Gradients GradientsOf(ModeState state) =>
        state.ScopesDiffer ? Gradients.Unknown : state.Scopes.FindLast(open => open.Scope.Gradients is not null)?.Scope.Gradients ?? _context.Gradients;

    /// <summary>What an operation gives.</summary>
    public AbstractValue ValueOf(ModeState state, IOperation? operation) => operation?.WalkDownConversions() switch
    {
        IInstanceReferenceOperation { Type: { } type } when torch.IsModule(type) => new ModuleValue(new AccessPath(type), null, type),
        IFlowCaptureReferenceOperation capture => state.Places.TryGetValue(new(capture.Id), out var captured) ? captured : AbstractValue.Unknown,
        ISimpleAssignmentOperation assignment => ValueOf(state, assignment.Value),
        IObjectCreationOperation creation => torch.IsModule(creation.Type) ? Made(creation) : AbstractValue.Unknown,
        IInvocationOperation call => ResultOf(state, call),
        { } other when other.Variable() is { } variable => Held(state, new AccessPath(variable), other.Type),
        _ => AbstractValue.Unknown,
    };

    /// <summary>The caller's module for a path of a method that is called: a parameter is the argument, a field or captured variable is the same.</summary>
    public AbstractValue ValueFor(ModeState state, IInvocationOperation call, AccessPath path) => path.Symbol switch
    {
        IParameterSymbol parameter when IsOf(parameter, call.TargetMethod) =>
            ValueOf(state, call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value),
        ITypeSymbol type => new ModuleValue(path, null, type),
        IParameterSymbol parameter => Held(state, path, parameter.Type),
        ILocalSymbol local => Held(state, path, local.Type),
        IFieldSymbol field => Held(state, path, field.Type),
        IPropertySymbol property => Held(state, path, property.Type),
        _ => AbstractValue.Unknown,
    };

    protected override ModeState Join(ModeState one, ModeState other) => one.Join(other, AtEntry);

    protected override ModeState? Assume(ModeState state, IOperation condition, bool value)
    {
        switch (condition.WalkDownConversions())
        {
            // A scope, or a module that was made here, is not null.
            case IIsNullOperation { Operand: { } operand } when ValueOf(state, operand) is ScopeValue or ModuleValue { Creation: not null }:
                return value ? null : state;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Operand: { } negated }:
                return Assume(state, negated, !value);
            case IPropertyReferenceOperation { Property.Name: "training", Instance: { } instance } when ValueOf(state, instance) is ModuleValue module:
                return state.With(module, new ModuleState(value ? Modes.Train : Modes.Eval));
            default:
                return state;
        }
    }

    protected override ModeState Transfer(ModeState state, IOperation operation)
    {
        // A statement is looked at several times, and most of what is in it changes nothing.
        if (!_steps.TryGetValue(operation, out var steps))
        {
            var found = new List<IOperation>();
            FindSteps(operation, found);
            _steps[operation] = steps = found.ToArray();
        }

        foreach (var step in steps)
        {
            state = After(state, step);
        }

        return state;
    }

    /// <summary>
    /// The operations of a statement that may change something, in the order in which they run. A lambda stands for itself and for what its code moves.
    /// </summary>
    private static void FindSteps(IOperation operation, List<IOperation> steps)
    {
        if (operation is not IFlowAnonymousFunctionOperation)
        {
            foreach (var child in operation.ChildOperations)
            {
                FindSteps(child, steps);
            }
        }

        if (operation is IFlowAnonymousFunctionOperation
            or IFlowCaptureOperation
            or ISimpleAssignmentOperation
            or IObjectCreationOperation
            or IInvocationOperation)
        {
            steps.Add(operation);
        }
    }

    private ModeState After(ModeState state, IOperation operation) => operation switch
    {
        IFlowAnonymousFunctionOperation lambda => MovedBy(lambda, state),
        IFlowCaptureOperation capture => state.With(new AccessPath(capture.Id), ValueOf(state, capture.Value)),
        ISimpleAssignmentOperation assignment when assignment.Target.Variable() is { } variable && IsTracked(assignment) =>
            state.With(new AccessPath(variable), ValueOf(state, assignment.Value)),
        IObjectCreationOperation creation => AfterCreation(state, creation),
        IInvocationOperation call => AfterCall(state, call),
        _ => state,
    };

    protected override void Returns(ModeState state, IOperation value)
    {
        if (torch.IsModule(value.Type))
        {
            _returned |= ValueOf(state, value) is ModuleValue { Creation: not null } module ? StateOf(state, module).Modes : Modes.Unknown;
        }
    }

    private static bool IsOf(IParameterSymbol parameter, IMethodSymbol method) =>
        SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, method.OriginalDefinition);

    private static ModuleValue Made(IOperation creation) => new(null, creation.Syntax, creation.Type);

    /// <summary>The modules in an argument: itself, or the parts of an array or tuple.</summary>
    private static IEnumerable<IOperation> Parts(IOperation argument) => argument.WalkDownConversions() switch
    {
        IArrayCreationOperation array => array.Initializer?.ElementValues.SelectMany(Parts) ?? [],
        ITupleOperation tuple => tuple.Elements.SelectMany(Parts),
        { Syntax: CollectionExpressionSyntax } collection => collection.ChildOperations.SelectMany(Parts),
        var single => [single],
    };

    private ModuleState? AtEntry(ModuleValue module) => module.Creation is null ? _context.StateOf(module.Path!.Value) : null;

    private ModuleState Resolved(ModuleValue module, ModuleState noted) =>
        noted.Modes.HasFlag(Modes.Entry) && AtEntry(module) is { } atEntry ? atEntry.Then(noted) : noted;

    /// <summary>What a variable holds at the end that the method has written.</summary>
    private ModuleState Written(ModeState end, AbstractValue value) =>
        value is ModuleValue module && StateOf(end, module) is { } state && !state.Modes.HasFlag(Modes.Entry) ? state : ModuleState.Unknown;

    private bool IsTracked(ISimpleAssignmentOperation assignment) =>
        torch.IsModule(assignment.Target.Type)
            || assignment.Target.Variable() is ILocalSymbol { Type: { } type }
                && (type.SpecialType == SpecialType.System_IDisposable || type.AllInterfaces.Any(one => one.SpecialType == SpecialType.System_IDisposable));

    private AbstractValue Held(ModeState state, AccessPath path, ITypeSymbol? type) =>
        state.Places.TryGetValue(path, out var value) ? value
        : torch.IsModule(type) ? new ModuleValue(path, null, type)
        : AbstractValue.Unknown;

    private AbstractValue ResultOf(ModeState state, IInvocationOperation call)
    {
        if (torch.GradientsSet(call) is { } gradients)
        {
            return new ScopeValue(call.Syntax, gradients, null);
        }

        if (ModeCalls.OpensModeScope(call))
        {
            return new ScopeValue(call.Syntax, null, ValueOf(state, call.Receiver()) as ModuleValue);
        }

        if (!torch.IsModule(call.Type))
        {
            return AbstractValue.Unknown;
        }

        if (call.Receiver() is { } receiver && torch.GivesItself(call.TargetMethod))
        {
            return ValueOf(state, receiver);
        }

        return IsFactory(call) || summaries(call.TargetMethod) is { Returned: not Modes.Unknown } ? Made(call) : AbstractValue.Unknown;
    }

    /// <summary>Whether this is a function of <c>torch.nn</c> that makes a module.</summary>
    private bool IsFactory(IInvocationOperation call) =>
        torch.IsModule(call.Type) && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.NN);

    private ModeState AfterCreation(ModeState state, IObjectCreationOperation creation)
    {
        state = Escaped(state, creation.Arguments);
        return torch.IsModule(creation.Type) ? state.With(Made(creation), ModuleState.New) : state;
    }

    private ModeState AfterCall(ModeState state, IInvocationOperation call)
    {
        _observer?.Invoke(this, state, call);
        var method = call.TargetMethod;
        switch (ResultOf(state, call))
        {
            case ScopeValue { Gradients: not null } scope:
                return state.Opened(scope, null);
            case ScopeValue scope:
                return Opened(state, scope, method);
        }

        if (method.Name == "Dispose" && ValueOf(state, call.Instance) is ScopeValue disposed)
        {
            return state.Closed(disposed);
        }

        if (torch.IsForward(call))
        {
            return AfterForward(state, call);
        }

        if (torch.IsBackward(call))
        {
            return state.AfterBackward();
        }

        if (torch.IsOptimizerStep(call))
        {
            return state.AfterStep();
        }

        if (torch.ModeSet(call) is { } mode)
        {
            return ValueOf(state, call.Instance) is ModuleValue module ? state.With(module, new ModuleState(mode)) : state;
        }

        if (IsFactory(call))
        {
            return Escaped(state, call.Arguments).With(Made(call), ModuleState.New);
        }

        if (call.Receiver() is { } receiver && torch.IsModule(receiver.Type) && torch.IsOfTorchSharp(method))
        {
            return ModeCalls.IsLoad(method)
                && ValueOf(state, receiver) is ModuleValue loaded ? state.With(loaded, StateOf(state, loaded) with { IsLoaded = true }) : state;
        }

        return summaries(method) is { } summary ? AfterKnown(state, call, summary) : AfterUnknown(state, call);
    }

    private ModeState Opened(ModeState state, ScopeValue scope, IMethodSymbol method)
    {
        if (scope.Module is not { } module)
        {
            return state;
        }

        // Monte Carlo dropout is on purpose: no mode that a rule could speak of.
        return state.Opened(scope, StateOf(state, module)).With(module, method.Name == "EvalScope" ? new ModuleState(Modes.Eval) : ModuleState.Unknown);
    }

    private ModeState AfterForward(ModeState state, IInvocationOperation call) =>
        GradientsOf(state) != Gradients.Off && !TorchSymbols.IsLoss(call.Instance?.Type) && ValueOf(state, call.Instance) is ModuleValue module
            ? state.AfterForward(module, StateOf(state, module).Modes)
            : state;

    /// <summary>After a method whose body is in sight.</summary>
    private ModeState AfterKnown(ModeState before, IInvocationOperation call, MethodSummary summary)
    {
        var state = before;
        foreach (var effect in summary.Effects)
        {
            if (ValueFor(before, call, effect.Key) is ModuleValue module)
            {
                state = state.With(module, StateOf(before, module).Then(effect.Value));
            }
        }

        foreach (var written in summary.Written)
        {
            var module = new ModuleValue(written.Key, call.Syntax, null);
            state = state.With(written.Key, module).With(module, written.Value);
        }

        return torch.IsModule(call.Type) && summary.Returned != Modes.Unknown ? state.With(Made(call), new ModuleState(summary.Returned)) : state;
    }

    /// <summary>After a method that may do anything with the modules that it gets. A private field is safe from others.</summary>
    private ModeState AfterUnknown(ModeState state, IInvocationOperation call)
    {
        state = Escaped(state, call.Arguments);
        if (torch.IsOfTorchSharp(call.TargetMethod) || call.Instance is null)
        {
            return state;
        }

        if (call is { Instance: IInstanceReferenceOperation, TargetMethod.MethodKind: not MethodKind.Constructor } && !torch.IsModule(call.Instance.Type))
        {
            return Forgotten(state);
        }

        return ValueOf(state, call.Instance) is ModuleValue module ? state.With(module, ModuleState.Unknown) : state;
    }

    /// <summary>An own method that is not in sight, such as one of a base class, may set the mode of every field.</summary>
    private ModeState Forgotten(ModeState state) => fields.Aggregate(state, (now, field) => now.With(field, AbstractValue.Unknown));

    /// <summary>A module in somebody else's hands may get any mode there.</summary>
    private ModeState Escaped(ModeState state, ImmutableArray<IArgumentOperation> arguments)
    {
        foreach (var argument in arguments)
        {
            // Most calls are those of operators, with tensors and numbers.
            if (argument.Value.Type is { IsValueType: true, IsTupleType: false } || SymbolEqualityComparer.Default.Equals(argument.Value.Type, torch.Tensor))
            {
                continue;
            }

            foreach (var part in Parts(argument.Value))
            {
                state = ValueOf(state, part) is ModuleValue module ? state.With(module, ModuleState.Unknown) : state;
            }
        }

        return state;
    }

    /// <summary>A lambda may run at any time from here on: the modules whose mode it sets, or hands on, are unknown.</summary>
    private ModeState MovedBy(IFlowAnonymousFunctionOperation lambda, ModeState state)
    {
        if (!_moved.TryGetValue(lambda, out var moved))
        {
            _moved[lambda] = moved = graph.GetAnonymousFunctionControlFlowGraph(lambda).Calls().SelectMany(Moved).ToArray();
        }

        foreach (var part in moved)
        {
            state = ValueOf(state, part) is ModuleValue module ? state.With(module, ModuleState.Unknown) : state;
        }

        return state;
    }

    private IEnumerable<IOperation> Moved(IInvocationOperation call)
    {
        if (torch.ModeSet(call) is not null || ModeCalls.OpensModeScope(call))
        {
            return [call.Receiver()!];
        }

        return torch.IsForward(call) ? [] : call.Arguments.SelectMany(argument => Parts(argument.Value));
    }
}
