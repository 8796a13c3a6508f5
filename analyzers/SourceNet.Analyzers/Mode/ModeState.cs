using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;

namespace SourceNet.Analyzers.Mode;

/// <summary>The modes that a module may be in.</summary>
[Flags]
internal enum Modes
{
    None = 0,
    Train = 1,
    Eval = 2,

    /// <summary>What nobody in sight decided.</summary>
    Unknown = 4,

    /// <summary>What it was when the method began.</summary>
    Entry = 8,
}

/// <summary>Whether operations are recorded for a backward pass.</summary>
internal enum Gradients
{
    Recorded,
    Off,
    Unknown,
}

/// <summary>Where a value is kept: a variable, <c>this</c>, or what the compiler keeps in between.</summary>
internal readonly struct AccessPath : IEquatable<AccessPath>
{
    private readonly ISymbol? _symbol;
    private readonly CaptureId? _capture;

    public AccessPath(ISymbol symbol) => _symbol = symbol;

    public AccessPath(CaptureId capture) => _capture = capture;

    /// <summary>The variable; for <c>this</c> its type.</summary>
    public ISymbol? Symbol => _symbol;

    public bool Equals(AccessPath other) => SymbolEqualityComparer.Default.Equals(_symbol, other._symbol) && Equals(_capture, other._capture);

    public override bool Equals(object? obj) => obj is AccessPath other && Equals(other);

    public override int GetHashCode() => _symbol is null ? _capture.GetHashCode() : SymbolEqualityComparer.Default.GetHashCode(_symbol);
}

/// <summary>What a place holds.</summary>
internal abstract record AbstractValue
{
    public static readonly AbstractValue Unknown = new UnknownValue();

    private sealed record UnknownValue : AbstractValue;
}

/// <summary>A module: the one that was made at a place of the code, or the one that a variable held when the method began.</summary>
/// <param name="Path">The variable that held it.</param>
/// <param name="Creation">The code that made it.</param>
/// <param name="Type">What is known of its class.</param>
internal sealed record ModuleValue(AccessPath? Path, SyntaxNode? Creation, ITypeSymbol? Type) : AbstractValue
{
    public bool Equals(ModuleValue? other) => other is not null && Nullable.Equals(Path, other.Path) && Creation == other.Creation;

    public override int GetHashCode() => Creation?.GetHashCode() ?? Path.GetHashCode();
}

/// <summary>An <c>IDisposable</c> that changes the gradient scope or the mode of a module until it is disposed.</summary>
/// <param name="Creation">The code that made it.</param>
/// <param name="Gradients">What it does to the recording of gradients; null for a scope of modes.</param>
/// <param name="Module">Whose mode it changes.</param>
internal sealed record ScopeValue(SyntaxNode Creation, Gradients? Gradients, ModuleValue? Module) : AbstractValue;

/// <summary>A scope that is not disposed yet.</summary>
/// <param name="Scope">The scope.</param>
/// <param name="Before">The mode to go back to.</param>
internal sealed record OpenScope(ScopeValue Scope, ModuleState? Before);

/// <summary>What is known of a module at a place of the code.</summary>
/// <param name="Modes">Its modes on the paths that lead there.</param>
/// <param name="IsLoaded">Weights were loaded into it and no mode was set since.</param>
internal sealed record ModuleState(Modes Modes, bool IsLoaded = false)
{
    public static readonly ModuleState New = new(Modes.Train);
    public static readonly ModuleState Unknown = new(Modes.Unknown);
    public static readonly ModuleState AsAtEntry = new(Modes.Entry);

    public ModuleState Join(ModuleState other) => new(Modes | other.Modes, IsLoaded || other.IsLoaded);

    /// <summary>The same after what a method does, of which this is the beginning.</summary>
    public ModuleState Then(ModuleState effect) =>
        effect.Modes.HasFlag(Modes.Entry) ? new((effect.Modes & ~Modes.Entry) | Modes, IsLoaded || effect.IsLoaded) : effect;
}

/// <summary>What is known at one place of a method. Never changes.</summary>
internal sealed class ModeState : IEquatable<ModeState>
{
    public static readonly ModeState Empty = new();

    private ModeState()
    {
    }

    private ModeState(ModeState other)
    {
        Places = other.Places;
        Modules = other.Modules;
        Scopes = other.Scopes;
        Forwarded = other.Forwarded;
        Backpropagated = other.Backpropagated;
        ScopesDiffer = other.ScopesDiffer;
    }

    /// <summary>What the places hold that were written in the method.</summary>
    public ImmutableDictionary<AccessPath, AbstractValue> Places { get; private init; } = ImmutableDictionary<AccessPath, AbstractValue>.Empty;

    /// <summary>The modules whose state differs from that at the beginning.</summary>
    public ImmutableDictionary<ModuleValue, ModuleState> Modules { get; private init; } = ImmutableDictionary<ModuleValue, ModuleState>.Empty;

    /// <summary>The scopes that are open, the innermost last.</summary>
    public ImmutableList<OpenScope> Scopes { get; private init; } = ImmutableList<OpenScope>.Empty;

    /// <summary>Paths with different scopes have met: nothing is known about gradients any more.</summary>
    public bool ScopesDiffer { get; private init; }

    /// <summary>The modules that ran with gradients since the last backward pass, each with its modes then.</summary>
    public ImmutableDictionary<ModuleValue, Modes> Forwarded { get; private init; } = ImmutableDictionary<ModuleValue, Modes>.Empty;

    /// <summary>The modules that the last backward pass went through.</summary>
    public ImmutableDictionary<ModuleValue, Modes> Backpropagated { get; private init; } = ImmutableDictionary<ModuleValue, Modes>.Empty;

    public ModeState With(AccessPath place, AbstractValue value) =>
        Places.SetItem(place, value) is var places && places == Places ? this : new(this) { Places = places };

    public ModeState With(ModuleValue module, ModuleState state) =>
        Modules.SetItem(module, state) is var modules && modules == Modules ? this : new(this) { Modules = modules };

    public ModeState Opened(ScopeValue scope, ModuleState? before) =>
        new(this) { Scopes = Scopes.RemoveAll(open => open.Scope == scope).Add(new(scope, before)) };

    /// <summary>After a scope was disposed: the module in it is what it was before.</summary>
    public ModeState Closed(ScopeValue scope)
    {
        if (Scopes.FirstOrDefault(open => open.Scope == scope) is not { } found)
        {
            return this;
        }

        var closed = new ModeState(this) { Scopes = Scopes.Remove(found) };
        return scope.Module is { } module && found.Before is { } before ? closed.With(module, before) : closed;
    }

    public ModeState AfterForward(ModuleValue module, Modes modes) =>
        Forwarded.SetItem(module, modes) is var forwarded && forwarded == Forwarded ? this : new(this) { Forwarded = forwarded };

    public ModeState AfterBackward() =>
        Forwarded.IsEmpty && Backpropagated.IsEmpty ? this : new(this) { Forwarded = Forwarded.Clear(), Backpropagated = Forwarded };

    public ModeState AfterStep() => Backpropagated.IsEmpty ? this : new(this) { Backpropagated = Backpropagated.Clear() };

    /// <summary>What is known where both paths meet.</summary>
    /// <param name="other">The other path.</param>
    /// <param name="atEntry">The state of a module that a path did not touch.</param>
    public ModeState Join(ModeState other, Func<ModuleValue, ModuleState?> atEntry)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }

        var common = ReferenceEquals(Scopes, other.Scopes)
            ? Scopes
            : Scopes.Zip(other.Scopes, (one, another) => (one, another))
                .TakeWhile(pair => pair.one.Scope == pair.another.Scope)
                .Select(pair => pair.one)
                .ToImmutableList();
        return new()
        {
            Places = Merge(Places, other.Places, (one, another) => Equals(one, another) ? one : AbstractValue.Unknown, _ => AbstractValue.Unknown),
            Modules = Merge(Modules, other.Modules, (one, another) => one.Join(another), atEntry),
            Scopes = common,
            ScopesDiffer = ScopesDiffer || other.ScopesDiffer || common.Count != Scopes.Count || common.Count != other.Scopes.Count,
            Forwarded = Merge(Forwarded, other.Forwarded, (one, another) => one | another, _ => Modes.None),
            Backpropagated = Merge(Backpropagated, other.Backpropagated, (one, another) => one | another, _ => Modes.None),
        };
    }

    public bool Equals(ModeState? other) =>
        other is not null
        && (ReferenceEquals(this, other)
            || (ScopesDiffer == other.ScopesDiffer && Same(Places, other.Places) && Same(Modules, other.Modules) && Scopes.SequenceEqual(other.Scopes)
                && Same(Forwarded, other.Forwarded) && Same(Backpropagated, other.Backpropagated)));

    public override bool Equals(object? obj) => Equals(obj as ModeState);

    public override int GetHashCode() => (Places.Count, Modules.Count, Scopes.Count).GetHashCode();

    private static ImmutableDictionary<TKey, T> Merge<TKey, T>(
        ImmutableDictionary<TKey,
        T> one,
        ImmutableDictionary<TKey,
        T> other,
        Func<T,
        T,
        T> join,
        Func<TKey,
        T?> missing)
        where TKey : notnull
    {
        if (ReferenceEquals(one, other))
        {
            return one;
        }

        var merged = one.ToBuilder();
        foreach (var pair in one)
        {
            if (!other.ContainsKey(pair.Key) && missing(pair.Key) is { } absent)
            {
                merged[pair.Key] = join(pair.Value, absent);
            }
        }

        foreach (var pair in other)
        {
            merged[pair.Key] = one.TryGetValue(pair.Key, out var mine) ? join(mine, pair.Value)
                : missing(pair.Key) is { } absent ? join(absent, pair.Value)
                : pair.Value;
        }

        return merged.ToImmutable();
    }

    private static bool Same<TKey, T>(ImmutableDictionary<TKey, T> one, ImmutableDictionary<TKey, T> other)
        where TKey : notnull =>
        ReferenceEquals(one, other) || (one.Count == other.Count && one.All(pair => other.TryGetValue(pair.Key, out var value) && Equals(pair.Value, value)));
}
