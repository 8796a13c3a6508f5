using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>A data loader of TorchSharp where it is made: <c>DataLoader(...)</c> of <c>torch.utils.data</c>, or <c>new DataLoader(...)</c>.</summary>
/// <param name="Creation">The call or creation.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Loader(IOperation Creation, IReadOnlyList<IArgumentOperation> Arguments)
{
    /// <summary>The loader that an operation makes; null where it makes none, or one of a class that somebody else wrote.</summary>
    public static Loader? Of(IOperation operation, TorchSymbols torch) => operation switch
    {
        IInvocationOperation call when IsMadeBy(call.TargetMethod, torch) => new(call, call.Arguments),
        IObjectCreationOperation { Constructor: { } constructor } creation when torch.IsDataLoader(creation.Type) && torch.IsOfTorchSharp(constructor) =>
            new(creation, creation.Arguments),
        _ => null,
    };

    /// <summary>Whether this is the function that makes loaders.</summary>
    public static bool IsMadeBy(IMethodSymbol method, TorchSymbols torch) =>
        method.Name == "DataLoader" && torch.Data is not null && SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.Data);

    /// <summary>The variable that keeps the loader.</summary>
    public ISymbol? Variable => Creation.AssignedVariable();

    /// <summary>The data that it loads.</summary>
    public IOperation? Dataset => this["dataset"]?.Value;

    /// <summary>What the call says of a parameter; null where it leaves the default.</summary>
    public IArgumentOperation? this[string parameter] =>
        Arguments.FirstOrDefault(argument => argument.Parameter?.Name == parameter && argument.ArgumentKind != ArgumentKind.DefaultValue);

    /// <summary>A switch of the loader; null where it is not known.</summary>
    public bool? Flag(string parameter, bool otherwise) =>
        this[parameter] is not { } stated ? otherwise : stated.Value.Definition().ConstantValue is { HasValue: true, Value: bool flag } ? flag : null;

    /// <summary>Whether it gives the samples in another order each time; null where it is not known.</summary>
    public bool? Shuffles => this["shuffler"] is null ? Flag("shuffle", otherwise: false) : null;
}
