using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using SourceNet.Modeling.Conversion;

namespace SourceNet.CodeFixes;

/// <summary>Offers on a hand-written module to write it as a declared model, where SourceNet is referenced and the class is understood completely.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(ConvertToModelRefactoring))]
public sealed class ConvertToModelRefactoring : CodeRefactoringProvider
{
    /// <inheritdoc/>
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span) is not ClassDeclarationSyntax declaration
            || !declaration.Identifier.Span.IntersectsWith(context.Span)
            || model?.Compilation.GetTypeByMetadataName("SourceNet.ModelAttribute") is null
            || model.GetDeclaredSymbol(declaration, context.CancellationToken) is not INamedTypeSymbol type
            || !ModelConverter.IsCandidate(type)
            || ModelConverter.Convert(model.Compilation, type, input: null, context.CancellationToken).Code is not { } code)
        {
            return;
        }

        context.RegisterRefactoring(CodeAction.Create(
            "Convert to a declared model",
            _ =>
                Task.FromResult(context.Document.WithSyntaxRoot(ModelConverter.Replaced((CompilationUnitSyntax)root, declaration, code, Formatter.Annotation))),
            equivalenceKey: nameof(ConvertToModelRefactoring)));
    }
}
