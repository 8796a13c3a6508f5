using SourceNet.Analyzers.Declarations;

namespace SourceNet.Analyzers.Tests.Declarations;

/// <summary>
/// Checks what is reported about a source. Where something is expected the source is marked: <c>{|SN6007:Linear(0)|}</c>. Each source is looked at before
/// the generator has run and after, which must make no difference.
/// </summary>
internal static class Declaration
{
    public static Task IsSilent(params string[] sources) => Check(sources, messages: null);

    /// <param name="marked">The source with marks.</param>
    /// <param name="messages">The messages, in the order of the marks.</param>
    public static Task Reports(string marked, params string[] messages) => Check([marked], messages);

    /// <summary>The marks of several files; messages are not looked at.</summary>
    public static Task ReportsIn(params string[] marked) => Check(marked, messages: null);

    private static async Task Check(string[] marked, string[]? messages)
    {
        var unmarked = marked.Select(Marked.Read).ToList();
        var expected = unmarked.SelectMany((file, i) => file.Marks.Select(mark => ($"Model{i}.cs", mark.Id, mark.Start, mark.Length))).ToList();
        var written = Sources.Of(unmarked.Select(file => file.Source).ToArray());
        var generated = written.Generated();
        foreach (var sources in new[] { written, generated })
        {
            var found = await sources.Analyze(new DeclarationAnalyzer());
            Assert.Equal(
                expected,
                found.Select(
                    diagnostic =>
                        (
                            diagnostic.Location.SourceTree!.FilePath,
                            diagnostic.Id,
                            diagnostic.Location.SourceSpan.Start,
                            diagnostic.Location.SourceSpan.Length)));
            if (messages is not null)
            {
                Assert.Equal(messages, found.Select(diagnostic => diagnostic.GetMessage()));
            }
        }

        // What is wrong is told by the analyzer alone: the generated part compiles, whatever it was generated from.
        Assert.DoesNotContain(generated.CompilerErrors(), error => error.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
        if (expected.Count == 0)
        {
            Assert.Empty(generated.CompilerErrors());
        }
    }
}
