using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace SourceNet.Analyzers.Tests;

/// <summary>
/// Checks what a rule reports about a source, and what its fix makes of it. Where something is expected the source is marked: <c>{|SN2001:0.1|}</c>.
/// </summary>
/// <typeparam name="TRule">The rule.</typeparam>
internal static class Code<TRule>
    where TRule : Rule, new()
{
    /// <summary>The source compiles and nothing is reported.</summary>
    public static Task IsSilent(string source) => Check(Sources.Of(source), []);

    /// <summary>The same with options from an <c>.editorconfig</c>.</summary>
    public static Task IsSilent(string source, string editorConfig) => Check(Sources.Of(source).Configured(editorConfig), []);

    /// <summary>The source compiles; what its marks say is reported and nothing else.</summary>
    /// <param name="marked">The source with marks.</param>
    /// <param name="messages">The messages, in the order of the marks; none if they are not looked at.</param>
    public static Task Reports(string marked, params string[] messages)
    {
        var (source, marks) = Marked.Read(marked);
        return Check(Sources.Of(source), marks, messages);
    }

    /// <summary>The same with options from an <c>.editorconfig</c>.</summary>
    public static Task ReportsConfigured(string marked, string editorConfig)
    {
        var (source, marks) = Marked.Read(marked);
        return Check(Sources.Of(source).Configured(editorConfig), marks);
    }

    /// <summary>
    /// The fix turns one source into the other, one by one and all at once; both compile, and nothing fires on the fixed one unless it is marked.
    /// </summary>
    /// <param name="marked">The source with marks.</param>
    /// <param name="after">The fixed source.</param>
    /// <param name="choice">Which of several fixes.</param>
    public static Task Fixes<TFix>(string marked, string after, int choice = 0)
        where TFix : CodeFixProvider, new() =>
        new FixTest<TFix>(marked, after) { CodeActionIndex = choice }.RunAsync();

    /// <summary>The rule fires and its fix offers nothing.</summary>
    public static Task OffersNoFix<TFix>(string marked)
        where TFix : CodeFixProvider, new() =>
        new FixTest<TFix>(marked, marked).RunAsync();

    private static async Task Check(Sources sources, IReadOnlyList<(string Id, int Start, int Length)> marks, params string[] messages)
    {
        sources = sources.DeclaresModels ? sources.Generated() : sources;
        Assert.Empty(sources.CompilerErrors());
        var found = await sources.Analyze(new Only<TRule>());
        Assert.Equal(marks, found.Select(diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)));
        if (messages.Length > 0)
        {
            Assert.Equal(messages, found.Select(diagnostic => diagnostic.GetMessage()));
        }
    }

    private sealed class FixTest<TFix> : CSharpCodeFixTest<Only<TRule>, TFix, DefaultVerifier>
        where TFix : CodeFixProvider, new()
    {
        public FixTest(string before, string after)
        {
            ReferenceAssemblies = new("net10.0");
            TestCode = before.ReplaceLineEndings("\n");
            FixedCode = after.ReplaceLineEndings("\n");
            TestState.Sources.Add(("Usings.cs", Sources.Usings));
            FixedState.Sources.Add(("Usings.cs", Sources.Usings));
            TestState.AdditionalReferences.AddRange(Sources.References);

            // The workspace of the tests knows no generators, so what they write for declared models is given as it is.
            foreach (
                var tree in Sources.Of(Marked.Read(before).Source)
                    .Generated().Compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)))
            {
                TestState.Sources.Add((Path.GetFileName(tree.FilePath), tree.GetText()));
                FixedState.Sources.Add((Path.GetFileName(tree.FilePath), tree.GetText()));
            }

            // Some rules know only at the end of a compilation. Their fixes serve builds and dotnet format.
            CodeFixTestBehaviors = CodeFixTestBehaviors.SkipLocalDiagnosticCheck;

            // A rule may have two messages.
            MarkupOptions = MarkupOptions.UseFirstDescriptor;
            TestState.OutputKind = Sources.OutputOf(Marked.Read(before).Source);
        }

        protected override CompilationOptions CreateCompilationOptions() => Sources.Options(TestState.OutputKind ?? OutputKind.DynamicallyLinkedLibrary);

        protected override ParseOptions CreateParseOptions() => Sources.Parsing;
    }
}
