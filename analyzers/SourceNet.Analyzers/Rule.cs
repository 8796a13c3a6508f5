using Microsoft.CodeAnalysis;
using SourceNet.Analyzers.Facts;

namespace SourceNet.Analyzers;

/// <summary>A rule about code that uses TorchSharp. One object serves all compilations: what it learns about one, it keeps in what it registers.</summary>
public abstract class Rule
{
    private protected Rule(params DiagnosticDescriptor[] descriptors) => Descriptors = descriptors;

    /// <summary>What it can report.</summary>
    public IReadOnlyList<DiagnosticDescriptor> Descriptors { get; }

    /// <summary>Says which code of a compilation it looks at.</summary>
    internal abstract void Register(Dispatcher on, CompilationFacts facts);
}
