using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Architecture;
using SourceNet.Analyzers.Authoring;
using SourceNet.Analyzers.Mode;
using SourceNet.Analyzers.Strategy;

namespace SourceNet.Analyzers;

/// <summary>Runs the rules that look at whole types, or at what the whole compilation does with them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TypeAnalyzer() : TorchAnalyzer(
    new ModeFlow(),
    new LayerGraphs(),
    new UnusedLayer(),
    new UnregisteredModule(),
    new LateRegistration(),
    new UnregisteredList(),
    new ReturnsInput(),
    new NonPersistentBuffer(),
    new FunctionState(),
    new RegularizationStrategy());
