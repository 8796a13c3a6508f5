using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

#pragma warning disable RS1036, RS1038, RS1041 // No compiler loads these.

namespace SourceNet.Analyzers.Tests;

/// <summary>Runs one rule.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Only(Rule rule) : TorchAnalyzer(rule);

/// <inheritdoc cref="Only"/>
/// <typeparam name="TRule">The rule.</typeparam>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class Only<TRule>() : TorchAnalyzer(new TRule())
    where TRule : Rule, new();
