using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Mode;

#pragma warning disable RS1036, RS1038, RS1041 // No compiler loads these.

namespace SourceNet.Analyzers.Tests;

/// <summary>The analyzers that run the rules.</summary>
public class HostTests
{
    [Fact]
    public void Every_rule_is_run_by_one_analyzer()
    {
        var run = Rules.Analyzers.OfType<TorchAnalyzer>().SelectMany(analyzer => analyzer.Rules).Select(rule => rule.GetType().Name);
        var rules = typeof(Rule).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Equal(rules.Order(), run.Order());
    }

    /// <summary>What is shared by all analyzers of a compilation goes with it.</summary>
    [Fact]
    public async Task A_compilation_is_let_go_when_its_analysis_is_over()
    {
        var analyzed = await Analyzed();
        for (var i = 0; i < 10 && analyzed.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(analyzed.IsAlive);
    }

    /// <summary>Rules that are run together share what they know, and find what each finds alone.</summary>
    [Fact]
    public async Task Rules_find_together_what_they_find_alone()
    {
        var sources = Sources.Of(
            Rules.All.Where(rule => !rule.Id.StartsWith("SN6", StringComparison.Ordinal)).Select((rule, i) => Spaced(rule.Id, i)).ToArray());
        var alone = new List<string>();
        foreach (var analyzer in Rules.Alone)
        {
            alone.AddRange((await sources.Analyze(analyzer)).Select(diagnostic => diagnostic.ToString()));
        }

        var together = (await sources.Compile(Rules.Analyzers))
            .Where(diagnostic => diagnostic.Id.StartsWith("SN", StringComparison.Ordinal))
            .Select(diagnostic => diagnostic.ToString());
        Assert.NotEmpty(alone);
        Assert.Equal(alone.Order(StringComparer.Ordinal), together.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rule_that_fails_keeps_no_other_from_its_work(bool whileRegistering)
    {
        var compilation = Sources.Of(Rules.Example("SN1006", "Bad")).Compilation;

        var found = await compilation.WithAnalyzers([new Beside(new Failing(whileRegistering))]).GetAnalyzerDiagnosticsAsync();

        Assert.Contains(found, diagnostic => diagnostic.Id == "AD0001");
        Assert.Contains(found, diagnostic => diagnostic.Id == "SN1006");
    }

    /// <summary>A rule with one that fails before it.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class Beside(Rule failing) : TorchAnalyzer(failing, new FunctionalDropout());

    private sealed class Failing(
        bool whileRegistering) : Rule(new DiagnosticDescriptor("SN0000", "", "", "", DiagnosticSeverity.Warning, isEnabledByDefault: true))
    {
        internal override void Register(Dispatcher on, CompilationFacts facts)
        {
            if (whileRegistering)
            {
                throw new InvalidOperationException("It cannot register.");
            }

            on.Call(_ => true, (_, _) => throw new InvalidOperationException("It cannot look."));
        }
    }

    /// <summary>The bad example of a page, in a namespace of its own. Those with statements at the top do not go into one.</summary>
    private static string Spaced(string id, int number)
    {
        var code = Rules.Example(id, "Bad");
        return Sources.OutputOf(code) == OutputKind.ConsoleApplication
            || code.Contains("using ", StringComparison.Ordinal) ? "" : $"namespace Example{number} {{ {code} }}";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> Analyzed()
    {
        var sources = Sources.Of(Rules.Example("SN1001", "Bad"));
        await sources.Compile(Rules.Analyzers);
        return new WeakReference(sources.Compilation);
    }
}
