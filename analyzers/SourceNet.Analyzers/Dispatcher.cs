using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.Analyzers;

/// <summary>
/// Brings the code of one compilation to the rules that care. Which rules care about a method or a type is asked once for each of them, so that an ordinary
/// call costs one look into a table, however many rules there are.
/// </summary>
/// <param name="options">The options of the compilation.</param>
/// <param name="cancellation">Stops what a rule does before the first code comes.</param>
internal sealed class Dispatcher(AnalyzerOptions options, CancellationToken cancellation)
{
    private readonly List<(Func<IMethodSymbol, bool> Cares, Action<OperationAnalysisContext, IInvocationOperation> Look)> _calls = [];
    private readonly List<(Func<INamedTypeSymbol, bool> Cares, Action<OperationAnalysisContext, IObjectCreationOperation> Look)> _creations = [];
    private readonly Dictionary<OperationKind, List<Action<OperationAnalysisContext>>> _operations = [];
    private readonly List<Action<OperationBlockAnalysisContext>> _bodies = [];
    private readonly List<Action<SymbolStartAnalysisContext>> _typeStarts = [];
    private readonly Dictionary<SymbolKind, List<Action<SymbolAnalysisContext>>> _symbols = [];
    private readonly List<Action<CompilationAnalysisContext>> _ends = [];

    private readonly ConcurrentDictionary<IMethodSymbol, Action<OperationAnalysisContext, IInvocationOperation>[]> _ofMethod =
        new(SymbolEqualityComparer.Default);

    private readonly ConcurrentDictionary<INamedTypeSymbol, Action<OperationAnalysisContext, IObjectCreationOperation>[]> _ofType =
        new(SymbolEqualityComparer.Default);

    /// <summary>The options of the compilation.</summary>
    public AnalyzerOptions Options => options;

    /// <summary>Stops what a rule does before the first code comes.</summary>
    public CancellationToken CancellationToken => cancellation;

    /// <summary>Calls of methods with these names.</summary>
    public void Call(string[] names, Action<OperationAnalysisContext, IInvocationOperation> look) =>
        Call(method => Array.IndexOf(names, method.Name) >= 0, look);

    /// <summary>Calls of the methods that a rule cares about. It is asked about the definition of a generic method.</summary>
    public void Call(Func<IMethodSymbol, bool> cares, Action<OperationAnalysisContext, IInvocationOperation> look) => _calls.Add((cares, look));

    /// <summary>Creations of the classes that a rule cares about. It is asked about the definition of a generic class.</summary>
    public void Creation(Func<INamedTypeSymbol, bool> cares, Action<OperationAnalysisContext, IObjectCreationOperation> look) => _creations.Add((cares, look));

    /// <summary>Calls and creations that a rule cares about, be it one or the other.</summary>
    public void Making(Func<IMethodSymbol, bool> caresAboutCall, Func<INamedTypeSymbol, bool> caresAboutCreation, Action<OperationAnalysisContext> look)
    {
        Call(caresAboutCall, (context, _) => look(context));
        Creation(caresAboutCreation, (context, _) => look(context));
    }

    /// <summary>Operations of some kinds, none of them a call or a creation.</summary>
    public void Operation(Action<OperationAnalysisContext> look, params OperationKind[] kinds)
    {
        foreach (var kind in kinds)
        {
            Of(_operations, kind).Add(look);
        }
    }

    /// <summary>The code of each member.</summary>
    public void Body(Action<OperationBlockAnalysisContext> look) => _bodies.Add(look);

    /// <summary>Each class, before its members are looked at. Most rules let most classes pass.</summary>
    public void TypeStart(Action<SymbolStartAnalysisContext> look) => _typeStarts.Add(look);

    /// <summary>Each symbol of a kind.</summary>
    public void Symbol(Action<SymbolAnalysisContext> look, SymbolKind kind) => Of(_symbols, kind).Add(look);

    /// <summary>The end of the compilation.</summary>
    public void End(Action<CompilationAnalysisContext> look) => _ends.Add(look);

    /// <summary>Takes up the work with what the rules have registered.</summary>
    public void Start(CompilationStartAnalysisContext context)
    {
        if (_calls.Count > 0)
        {
            context.RegisterOperationAction(Call, OperationKind.Invocation);
        }

        if (_creations.Count > 0)
        {
            context.RegisterOperationAction(Create, OperationKind.ObjectCreation);
        }

        foreach (var pair in _operations)
        {
            context.RegisterOperationAction(Together(pair.Value), pair.Key);
        }

        if (_bodies.Count > 0)
        {
            context.RegisterOperationBlockAction(Together(_bodies));
        }

        if (_typeStarts.Count > 0)
        {
            context.RegisterSymbolStartAction(Together(_typeStarts), SymbolKind.NamedType);
        }

        foreach (var pair in _symbols)
        {
            context.RegisterSymbolAction(Together(pair.Value), pair.Key);
        }

        if (_ends.Count > 0)
        {
            context.RegisterCompilationEndAction(Together(_ends));
        }
    }

    private void Call(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        var method = call.TargetMethod.OriginalDefinition;
        if (!_ofMethod.TryGetValue(method, out var looks))
        {
            _ofMethod[method] = looks = _calls.Where(rule => rule.Cares(method)).Select(rule => rule.Look).ToArray();
        }

        Each(looks, (context, call), static (look, code) => look(code.context, code.call));
    }

    private void Create(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type?.OriginalDefinition is not INamedTypeSymbol type)
        {
            return;
        }

        if (!_ofType.TryGetValue(type, out var looks))
        {
            _ofType[type] = looks = _creations.Where(rule => rule.Cares(type)).Select(rule => rule.Look).ToArray();
        }

        Each(looks, (context, creation), static (look, code) => look(code.context, code.creation));
    }

    private static Action<T> Together<T>(List<Action<T>> looks)
    {
        if (looks is [var only])
        {
            return only;
        }

        var all = looks.ToArray();
        return context => Each(all, context, static (look, code) => look(code));
    }

    /// <summary>
    /// Does something with each rule. One that fails keeps none of the others from its work, and the compiler hears of it, as AD0001, after them.
    /// </summary>
    internal static void Each<TRule, TCode>(TRule[] rules, TCode code, Action<TRule, TCode> apply)
    {
        ExceptionDispatchInfo? failure = null;
        foreach (var rule in rules)
        {
            try
            {
                apply(rule, code);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception);
            }
        }

        failure?.Throw();
    }

    private static List<TValue> Of<TKey, TValue>(Dictionary<TKey, List<TValue>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
