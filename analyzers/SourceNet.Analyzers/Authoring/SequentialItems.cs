using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>The types whose modules the compilation puts into a <c>Sequential</c>, which neither registers their parts nor keeps their results.</summary>
internal sealed class SequentialItems(TorchSymbols torch)
{
    private readonly ConcurrentDictionary<ISymbol, bool> _types = new(SymbolEqualityComparer.Default);

    public bool Contains(INamedTypeSymbol type) => _types.ContainsKey(type);

    /// <summary>Watches the calls of a compilation.</summary>
    public void Register(Dispatcher on) => on.Call(IsTaken, (_, call) => Read(call));

    private void Read(IInvocationOperation call)
    {
        foreach (var item in call.Arguments.SelectMany(argument => Items(argument.Value)))
        {
            if (item.Type is INamedTypeSymbol type && torch.IsModule(type))
            {
                _types.TryAdd(type.OriginalDefinition, true);
            }
        }
    }

    /// <summary>Whether a method puts its arguments into a <c>Sequential</c>.</summary>
    private bool IsTaken(IMethodSymbol method) => method.Name switch
    {
        "Sequential" => SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.NN),
        "append" => SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.Sequential),
        _ => false,
    };

    /// <summary>The modules themselves, out of arrays, collections and pairs with a name.</summary>
    private static IEnumerable<IOperation> Items(IOperation operation) => operation.WalkDownConversions() switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues.SelectMany(Items),
        ITupleOperation pair => pair.Elements.SelectMany(Items),
        var item => [item],
    };
}
