using SourceNet.Analyzers.Declarations;
namespace SourceNet.Analyzers.Tests;
public class Scratch
{
    [Fact]
    public async Task Run()
    {
        var file = Environment.GetEnvironmentVariable("SCRATCH"); if (file is null) return;
        var output = new System.Text.StringBuilder();
        foreach (var part in File.ReadAllText(file).Split("\n----").Select(p => p.Trim()).Where(p => p.Length > 0))
        {
            output.AppendLine("=====================\n" + part);
            var without = await Sources.Of(part).Analyze(new DeclarationAnalyzer());
            var generated = Sources.Of(part).Generated();
            var with = await generated.Analyze(new DeclarationAnalyzer());
            foreach (var d in with) output.AppendLine($"  >> {d.Id} `{part.Substring(d.Location.SourceSpan.Start, d.Location.SourceSpan.Length)}` {d.GetMessage()}");
            if (!with.Select(d => d.ToString()).SequenceEqual(without.Select(d => d.ToString()))) output.AppendLine("  !! DIFFERS WITHOUT: " + string.Join("\n       ", without));
            if (generated.Compilation.SyntaxTrees.Count() == 2) output.AppendLine("  (nothing generated)");
            foreach (var d in generated.CompilerErrors()) output.AppendLine($"  {(d.Location.SourceTree!.FilePath.Contains("ModelGenerator") ? "!! GEN" : "cs")} {d.Id} {d.GetMessage()} | {d.Location.SourceTree.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim()}");
            foreach (var d in generated.Compilation.GetDiagnostics().Where(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Warning && d.Location.SourceTree!.FilePath.Contains("ModelGenerator"))) output.AppendLine($"  !! GENWARN {d.Id} {d.GetMessage()}");
        }
        File.WriteAllText(file + ".out", output.ToString());
    }
}
