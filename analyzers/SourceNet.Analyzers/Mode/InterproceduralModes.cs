using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Flow;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>
/// Follows modes through all methods of a type: a private method begins with what its callers know, and a private field holds what the constructors and the
/// other methods leave in it.
/// </summary>
internal sealed class InterproceduralModes
{
    private readonly TorchSymbols _torch;
    private readonly CancellationToken _cancellation;
    private readonly Action<MethodBody, ModeAnalysis, ModeState, IInvocationOperation> _observer;
    private readonly List<MethodBody> _bodies;
    private readonly Dictionary<ISymbol, MethodBody> _methods = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<MethodBody>> _callers = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _handedOn = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<MethodBody, Followed> _followed = [];
    private readonly Stack<Followed> _underway = new();
    private readonly Dictionary<ISymbol, CallContext> _contexts = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<MethodBody, bool> _isDone = [];
    private readonly ImmutableArray<AccessPath> _fields;
    private readonly ImmutableDictionary<AccessPath, ModuleState> _invariants;

    /// <param name="torch">The symbols of TorchSharp.</param>
    /// <param name="bodies">All code of the type.</param>
    /// <param name="observer">Sees each call in the type once, or once for each way into a finally region.</param>
    /// <param name="cancellation">Stops the work.</param>
    public InterproceduralModes(
        TorchSymbols torch,
        IEnumerable<MethodBody> bodies,
        Action<MethodBody,
        ModeAnalysis,
        ModeState,
        IInvocationOperation> observer,
        CancellationToken cancellation)
    {
        _torch = torch;
        _observer = observer;
        _cancellation = cancellation;
        _bodies = bodies.SelectMany(
            body => body.Graph.Functions().Select(function => new MethodBody(function.Function, function.Graph, body.Root)).Prepend(body))
            .ToList();
        foreach (var body in _bodies)
        {
            _methods[body.Symbol] = body;
            FindCallees(body);
        }

        _fields = PrivateFields().Select(field => new AccessPath(field)).ToImmutableArray();
        _invariants = _fields.ToImmutableDictionary(place => place, place => InvariantOf((IFieldSymbol)place.Symbol!));
    }

    /// <summary>Looks at all code of the type.</summary>
    public void Run() => _bodies.ForEach(Look);

    private void FindCallees(MethodBody body)
    {
        foreach (var operation in body.Graph.Operations())
        {
            switch (operation)
            {
                case IInvocationOperation { TargetMethod.OriginalDefinition: var callee }:
                    if (!_callers.TryGetValue(callee, out var callers))
                    {
                        _callers[callee] = callers = [];
                    }

                    callers.Add(body);
                    break;
                case IMethodReferenceOperation reference:
                    _handedOn.Add(reference.Method.OriginalDefinition);
                    break;
            }
        }
    }

    private void Look(MethodBody body)
    {
        if (_isDone.ContainsKey(body))
        {
            return;
        }

        _isDone[body] = false;
        var context = ContextOf(body);
        var followed = Follow(body);
        if (followed.IsAssumed)
        {
            // Now that the methods are known that call this one, what it knows of them is no assumption any more.
            followed = new(NewAnalysis(body));
            followed.Run(GivesModule(body), _cancellation);
        }

        followed.Analysis.Observe(context, (analysis, state, call) =>
        {
            NoteContext(analysis, state, call);
            _observer(body, analysis, state, call);
        });
        _isDone[body] = true;
    }

    private CallContext ContextOf(MethodBody body)
    {
        if (body.Symbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction })
        {
            return CallContext.Unknown with { Gradients = Gradients.Unknown };
        }

        if (!body.IsPrivate || _handedOn.Contains(body.Symbol) || !_callers.TryGetValue(body.Symbol, out var callers))
        {
            return CallContext.Unknown with { Modules = _invariants };
        }

        foreach (var caller in callers)
        {
            Look(caller);
        }

        // A method that calls itself, by whatever way, is not followed.
        return callers.All(caller => _isDone[caller])
            && _contexts.TryGetValue(body.Symbol, out var entry) ? entry : CallContext.Unknown with { Gradients = Gradients.Unknown };
    }

    /// <summary>Keeps what a caller knows for the method that it calls.</summary>
    private void NoteContext(ModeAnalysis analysis, ModeState state, IInvocationOperation call)
    {
        var callee = call.TargetMethod.OriginalDefinition;
        if (!_methods.TryGetValue(callee, out var body) || !body.IsPrivate)
        {
            return;
        }

        var isCertain = MethodBody.IsUnconditional(call.Syntax);
        var places = _fields
            .Concat(state.Places.Keys.Where(place => place.Symbol is not null))
            .Concat(state.Modules.Keys.Where(module => module.Creation is null).Select(module => module.Path!.Value))
            .Concat(callee.Parameters.Where(parameter => _torch.IsModule(parameter.Type)).Select(parameter => new AccessPath(parameter)));
        var known = ImmutableDictionary.CreateBuilder<AccessPath, ModuleState>();
        foreach (var place in places)
        {
            known[place] = analysis.ValueFor(state, call, place) is ModuleValue module
                ? Settled(analysis.StateOf(state, module), isCertain)
                : ModuleState.Unknown;
        }

        var entry = new CallContext(known.ToImmutable(), ModuleState.Unknown, analysis.GradientsOf(state));
        _contexts[callee] = _contexts.TryGetValue(callee, out var other) ? other.Join(entry) : entry;
    }

    /// <summary>A mode that differs between paths is worth something only where nothing decides between them and here.</summary>
    private static ModuleState Settled(ModuleState state, bool isCertain) =>
        isCertain || state.Modes is Modes.Train or Modes.Eval ? state : ModuleState.Unknown;

    private MethodSummary? SummaryOf(IMethodSymbol method) =>
        _methods.TryGetValue(method.OriginalDefinition, out var body)
            && method is { IsVirtual: false, IsOverride: false, IsAbstract: false }
            && !IsIterator(body) ? Follow(body).Summary : null;

    /// <summary>Runs the analysis of a body, once.</summary>
    private Followed Follow(MethodBody body)
    {
        if (_followed.TryGetValue(body, out var known))
        {
            if (!known.IsDone)
            {
                // A method that calls itself, by whatever way: nothing is known of it yet.
                _underway.Peek().IsAssumed = true;
            }

            return known;
        }

        var followed = new Followed(NewAnalysis(body));
        _followed[body] = followed;
        _underway.Push(followed);
        followed.Run(GivesModule(body), _cancellation);
        _underway.Pop();
        return followed;
    }

    private ModeAnalysis NewAnalysis(MethodBody body) => new(_torch, body.Graph, _fields, SummaryOf);

    private bool GivesModule(MethodBody body) => body.Symbol is IMethodSymbol method && _torch.IsModule(method.ReturnType);

    /// <summary>The body of an iterator does not run at the call.</summary>
    private static bool IsIterator(MethodBody body) =>
        body.Symbol is IMethodSymbol
        {
            ReturnType.OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T
            or SpecialType.System_Collections_Generic_IEnumerator_T or SpecialType.System_Collections_IEnumerable
        };

    /// <summary>Fields that nobody else can see. A module's own parts are left out: their mode is decided by whoever holds the module.</summary>
    private IEnumerable<IFieldSymbol> PrivateFields() => _bodies
        .Select(body => body.Symbol.ContainingType)
        .OfType<INamedTypeSymbol>()
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default)
        .Where(type => !_torch.IsModule(type))
        .SelectMany(type => type.GetMembers().OfType<IFieldSymbol>())
        .Where(field => field is { DeclaredAccessibility: Accessibility.Private, IsImplicitlyDeclared: false } && _torch.IsModule(field.Type));

    /// <summary>What a field holds whenever a method of the type begins.</summary>
    private ModuleState InvariantOf(IFieldSymbol field)
    {
        var place = new AccessPath(field);
        var initial = _methods.TryGetValue(field, out var initializer)
            ? Follow(initializer).Summary?.EffectOn(place) ?? ModuleState.Unknown
            : ModuleState.Unknown;
        var constructors = _bodies.Where(
            body =>
                body.Symbol is IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } method && method.IsStatic == field.IsStatic)
            .ToList();
        var state = constructors.Count == 0 ? initial : constructors.Select(body => EffectOn(body, place, initial)).Aggregate((one, other) => one.Join(other));
        foreach (var body in _bodies.Concat(_bodies))
        {
            if (body.Symbol is IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.StaticConstructor) })
            {
                state = state.Join(EffectOn(body, place, state));
            }
        }

        return state.Modes is Modes.Train or Modes.Eval ? state : ModuleState.Unknown;
    }

    private ModuleState EffectOn(MethodBody body, AccessPath field, ModuleState before) =>
        Follow(body).Summary is { } summary ? before.Then(summary.EffectOn(field)) : ModuleState.Unknown;

    /// <summary>A body with its analysis, at the fixpoint or on the way to it.</summary>
    private sealed class Followed(ModeAnalysis analysis)
    {
        public ModeAnalysis Analysis => analysis;

        public bool IsDone { get; private set; }

        /// <summary>Whether it was followed while a method that it calls was not known yet, because that one calls it.</summary>
        public bool IsAssumed { get; set; }

        /// <summary>What the method does; null until it is known, and where it is not.</summary>
        public MethodSummary? Summary { get; private set; }

        public void Run(bool givesModule, CancellationToken cancellation)
        {
            Summary = analysis.Run(givesModule, cancellation);
            IsDone = true;
        }
    }
}
