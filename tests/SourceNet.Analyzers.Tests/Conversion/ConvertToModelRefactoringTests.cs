using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Text;
using SourceNet.CodeFixes;

namespace SourceNet.Analyzers.Tests.Conversion;

/// <summary>What the editor offers on the name of a class.</summary>
public class ConvertToModelRefactoringTests
{
    private const string Module =
        """
        using static TorchSharp.torch;

        namespace Vision
        {
            /// <summary>Tells digits apart.</summary>
            public class Digits : nn.Module<Tensor, Tensor>
            {
                private readonly nn.Module<Tensor, Tensor> hidden = nn.Linear(64, 32), logits = nn.Linear(32, 10);

                public Digits() : base("digits") => RegisterComponents();

                public override Tensor forward(Tensor x) => logits.call(hidden.call(x).relu());
            }
        }
        """;

    [Fact]
    public async Task A_module_that_is_understood_can_be_converted() => Assert.Equal(
        """
        using static TorchSharp.torch;
        using SourceNet;

        namespace Vision
        {
            /// <summary>Tells digits apart.</summary>
            [Model, Input(64)]
            public partial class Digits : SourceNet.Model
            {
                [Name(""), Linear(32, Name = "hidden"), Activation(ActivationKind.ReLU)]
                private partial Tensor Hidden(Tensor x);

                [Name(""), Linear(10, Name = "logits")]
                private partial Tensor Logits(Tensor x);
            }
        }
        """,
        (await Offered(Module, "Digits :"))!.ReplaceLineEndings("\n"));

    [Theory]
    [InlineData("forward")]
    [InlineData("hidden =")]
    public async Task Elsewhere_nothing_is_offered(string place) => Assert.Null(await Offered(Module, place));

    [Fact]
    public async Task A_module_that_is_not_understood_gets_no_offer() =>
        Assert.Null(await Offered(Module.Replace("nn.Linear(64, 32), logits = nn.Linear(32, 10)", "null!, logits = null!"), "Digits :"));

    [Fact]
    public async Task Without_a_reference_to_SourceNet_nothing_is_offered() =>
        Assert.Null(await Offered(Module, "Digits :", withSourceNet: false));

    private static async Task<string?> Offered(string source, string place, bool withSourceNet = true)
    {
        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject("Models", LanguageNames.CSharp)
            .WithCompilationOptions(Sources.Options(OutputKind.DynamicallyLinkedLibrary))
            .WithParseOptions(Sources.Parsing)
            .WithMetadataReferences(
                Sources.References.Where(reference => withSourceNet || !reference.Display!.EndsWith("SourceNet.dll", StringComparison.Ordinal)));
        var document = project.AddDocument("Usings.cs", "global using System;").Project.AddDocument("Digits.cs", source.ReplaceLineEndings("\n"));
        var actions = new List<CodeAction>();
        var span = new TextSpan(source.ReplaceLineEndings("\n").IndexOf(place, StringComparison.Ordinal), 0);
        await new ConvertToModelRefactoring().ComputeRefactoringsAsync(new CodeRefactoringContext(document, span, actions.Add, default));
        if (actions.Count == 0)
        {
            return null;
        }

        var operation = (await actions.Single().GetOperationsAsync(default)).OfType<ApplyChangesOperation>().Single();
        return (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
    }
}
