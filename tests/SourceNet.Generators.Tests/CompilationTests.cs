using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SourceNet.Generators.Tests;

/// <summary>What is generated compiles without a warning, and runs where there is no reflection.</summary>
public class CompilationTests
{
    private static readonly Lazy<Compilation> s_gallery = new(() =>
    {
        Compiler.Run(Compiler.Driver(), Compiler.Compile(Gallery.Files), out _, out var output);
        return output;
    });

    [Fact]
    public void Gallery_compiles_without_a_warning()
    {
        // Authors need not document their models; what is generated must not add to that.
        var found = s_gallery.Value.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Info
                && !(diagnostic.Id == "CS1591" && !IsGenerated(diagnostic.Location.SourceTree)));

        Assert.Empty(found);
    }

    [Fact]
    public void Warnings_are_looked_for()
    {
        var broken = s_gallery.Value.AddSyntaxTrees(
            Compiler.Parse("#nullable enable\npublic class Undocumented { public string Text; int unused; }", "Broken.g.cs"));

        var found = broken.GetDiagnostics().Where(diagnostic => diagnostic.Location.SourceTree?.FilePath == "Broken.g.cs").Select(diagnostic => diagnostic.Id);

        Assert.Equal(["CS0169", "CS1591", "CS1591", "CS8618"], found.Order());
    }

    [Fact]
    public void Generated_code_uses_no_reflection()
    {
        foreach (var tree in s_gallery.Value.SyntaxTrees.Where(IsGenerated))
        {
            var model = s_gallery.Value.GetSemanticModel(tree);
            // Whether an object is of this very class is asked without looking into it.
            foreach (var node in tree.GetRoot().DescendantNodes(node => !IsOwnType(node)))
            {
                Assert.False(node is TypeOfExpressionSyntax, $"{tree.FilePath}: {node}");
                if (node is SimpleNameSyntax && model.GetSymbolInfo(node).Symbol is { } symbol)
                {
                    Assert.False(IsReflection(symbol), $"{tree.FilePath}: {symbol}");
                }
            }
        }
    }

    private static bool IsOwnType(SyntaxNode node) => node is BinaryExpressionSyntax
    {
        Left: InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "GetType" } },
        Right: TypeOfExpressionSyntax,
    };

    [Fact]
    public void Generated_names_are_looked_up_from_the_root()
    {
        // Types of these names everywhere would be found before the real ones.
        const string hostile = """
            using SourceNet;
            using Tensor = TorchSharp.torch.Tensor;
            namespace A.TorchSharp { class torch { } class Modules { } }
            namespace A.SourceNet { class Model { } class Layers { } }
            namespace A.System { class Linq { } class CodeDom { } }
            namespace A
            {
                class torch { } class Model { } class Objectives { } class Penalties { } class IReadOnlyList { } class Conv2d { }
                [ModelAttribute, Input(1, 8, 8), L2(0.1), WeightDecay(0.1), GradientClip(1)]
                sealed partial class Hidden(int width)
                {
                    [Conv2d("width", Kernel = 3), Norm(NormKind.Batch), Activation(ActivationKind.ReLU), MaxPool2d(2), Flatten]
                    private partial Tensor Stem(Tensor x);
                    [Linear(3), Output]
                    private partial Tensor Logits(Tensor x);
                }
            }
            """;

        Compiler.Run(Compiler.Driver(), Compiler.Compile(hostile), out _, out var output);

        Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    private static bool IsGenerated(SyntaxTree? tree) => tree?.FilePath.EndsWith(".g.cs", StringComparison.Ordinal) == true;

    private static bool IsReflection(ISymbol symbol) =>
        symbol.ContainingNamespace?.ToDisplayString().StartsWith("System.Reflection", StringComparison.Ordinal) == true
        || symbol.Name is "GetType" or "Activator"
        || symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "RequiresUnreferencedCodeAttribute" or "RequiresDynamicCodeAttribute");
}
