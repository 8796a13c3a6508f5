using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Mode;

/// <summary>What is known when a method begins.</summary>
/// <param name="Modules">The modules that its parameters, captured variables and fields hold. For all others <paramref name="Otherwise"/> holds.</param>
/// <param name="Otherwise">What is known of a module that nothing else is said of.</param>
/// <param name="Gradients">Whether the caller records operations.</param>
internal sealed record CallContext(ImmutableDictionary<AccessPath, ModuleState> Modules, ModuleState Otherwise, Gradients Gradients)
{
    /// <summary>Nothing is known; gradients are on, as they are where no scope is open.</summary>
    public static readonly CallContext Unknown = new(ImmutableDictionary<AccessPath, ModuleState>.Empty, ModuleState.Unknown, Gradients.Recorded);

    /// <summary>For a summary: each module is what it was.</summary>
    public static readonly CallContext Open = new(ImmutableDictionary<AccessPath, ModuleState>.Empty, ModuleState.AsAtEntry, Gradients.Unknown);

    public ModuleState StateOf(AccessPath place) => Modules.TryGetValue(place, out var known) ? known : Otherwise;

    /// <summary>What holds for both of two callers.</summary>
    public CallContext Join(CallContext other) => new(
        Modules.Keys.Union(other.Modules.Keys).ToImmutableDictionary(place => place, place => StateOf(place).Join(other.StateOf(place))),
        Otherwise.Join(other.Otherwise),
        Gradients == other.Gradients ? Gradients : Gradients.Unknown);
}

/// <summary>What a method does to the modules that it sees.</summary>
/// <param name="Effects">How the modules end that its parameters, captured variables and fields held at the beginning.</param>
/// <param name="Written">The captured variables and fields that it gives another module, and the state of that.</param>
/// <param name="Returned">The modes of the module that it gives back.</param>
internal sealed record MethodSummary(ImmutableDictionary<AccessPath, ModuleState> Effects, ImmutableDictionary<AccessPath, ModuleState> Written, Modes Returned)
{
    /// <summary>How the module that a field holds ends.</summary>
    public ModuleState EffectOn(AccessPath field) =>
        Written.TryGetValue(field, out var written) ? written : Effects.TryGetValue(field, out var effect) ? effect : ModuleState.AsAtEntry;
}
