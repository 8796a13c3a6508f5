using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Verification;

namespace SourceNet.Modeling.Tests.Recognized;

/// <summary>Hand-written models as engineers write them, each against its graph as text. <c>SOURCENET_ACCEPT=1</c> writes the graphs anew.</summary>
public class RecognizedGraphTests
{
    private static readonly string s_folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Models");

    public static TheoryData<string> Models =>
        new(Directory.GetFiles(s_folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_becomes_its_graph(string name)
    {
        var source = File.ReadAllText(Path.Combine(s_folder, name + ".cs"));
        var compilation = Declarations.Compile(source);
        Assert.Empty(Declarations.Errors(compilation));
        Snapshot.Verify(Graphs(compilation), "txt", test: name);
    }

    [Fact]
    public void There_are_at_least_30_models() => Assert.InRange(Directory.GetFiles(s_folder, "*.cs").Length, 30, int.MaxValue);

    [Theory]
    [MemberData(nameof(Models))]
    public void Half_written_code_is_read_without_an_exception(string name)
    {
        var source = File.ReadAllText(Path.Combine(s_folder, name + ".cs"));
        var tokens = CSharpSyntaxTree.ParseText(source).GetRoot().DescendantTokens().Where(token => token.Span.Length > 0).ToList();
        for (var i = 0; i < tokens.Count; i += 11)
        {
            // A token is missing; or it is the last one that was typed.
            Graphs(Declarations.Compile(source.Remove(tokens[i].SpanStart, tokens[i].Span.Length)));
            Graphs(Declarations.Compile(source[..tokens[i].Span.End]));
        }
    }

    [Fact]
    public void Code_that_calls_itself_comes_to_an_end()
    {
        var text = Graphs(Declarations.Compile("""
            public sealed class Net : nn.Module<Tensor, Tensor>
            {
                private readonly Net inner;
                private readonly TorchSharp.Modules.Linear a = nn.Linear(2, 2);

                public Net(int depth)
                    : base("net")
                {
                    inner = new Net(depth - 1);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    while (true)
                    {
                        x = Again(a.call(x), 3);
                    }
                }

                private Tensor Again(Tensor x, int n) => n > 100 ? x : Again(Again(inner.call(x), n + 1), n + 1);
            }
            """));
        Assert.StartsWith("Net", text);
    }

    /// <summary>The graphs of all module classes, and of the sequences in all other code.</summary>
    internal static string Graphs(CSharpCompilation compilation)
    {
        var text = new StringBuilder();
        var recognizer = new ModelRecognizer(CodeBodies.Of(compilation), readsParts: true);
        foreach (var tree in compilation.SyntaxTrees)
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var declaration in tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
            {
                var type = model.GetDeclaredSymbol(declaration)!;
                if (ModelRecognizer.IsModule(type))
                {
                    Append(text, recognizer.Read(type, default));
                    continue;
                }

                foreach (var method in declaration.Members.OfType<MethodDeclarationSyntax>())
                {
                    Append(text, recognizer.Read(model.GetOperation(method)!, model.GetDeclaredSymbol(method), default));
                }
            }
        }

        return text.ToString();
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;

    private static void Append(StringBuilder text, IReadOnlyList<RecognizedModel> models)
    {
        foreach (var recognized in models)
        {
            text.Append(
                $"{recognized.Graph.Name}{(recognized.Graph.IsComplete ? "" : " (out of bounds)")}\n{GraphText.Of(HandWritten.WithShapes(recognized.Graph))}\n");
        }
    }
}
