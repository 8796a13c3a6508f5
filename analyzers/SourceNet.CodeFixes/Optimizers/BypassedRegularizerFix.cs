using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;

namespace SourceNet.CodeFixes.Optimizers;

/// <summary>SN2012: takes the optimizer or the loss that the declared model makes, with the same settings.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BypassedRegularizerFix))]
public sealed class BypassedRegularizerFix() : RuleFix("SN2012", "Take the model's own")
{
    /// <inheritdoc/>
    protected override bool CanFix(SyntaxNode node, Diagnostic diagnostic, SemanticModel model) =>
        Instead(node, diagnostic, model) is not null && (IsLoss(diagnostic) || !Call(node)!.IsKeptAsItIs(model));

    /// <inheritdoc/>
    protected override void Fix(DocumentEditor editor, SyntaxNode node, Diagnostic diagnostic)
    {
        var call = Call(node)!;
        editor.ReplaceNode(call, SyntaxFactory.ParseExpression(Instead(node, diagnostic, editor.SemanticModel)!).WithTriviaFrom(call));
    }

    private static InvocationExpressionSyntax? Call(SyntaxNode node) => node.FirstAncestorOrSelf<InvocationExpressionSyntax>();

    private static bool IsLoss(Diagnostic diagnostic) => diagnostic.Properties["method"] == "Loss";

    private static string? Instead(SyntaxNode node, Diagnostic diagnostic, SemanticModel model)
    {
        if (diagnostic.Properties["method"] is not { } method
            || Call(node) is not { } call
            || model.GetOperation(call) is not IInvocationOperation operation)
        {
            return null;
        }

        return IsLoss(diagnostic) ? Loss(operation, diagnostic.Properties["model"]) : Optimizer(operation, method);
    }

    private static string? Loss(IInvocationOperation loss, string? model)
    {
        var given = loss.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit)
            .OrderBy(argument => argument.Parameter?.Ordinal)
            .Select(argument => argument.Value.Syntax)
            .ToList();
        return given.Count == 2 ? $"{model}.Loss({given[0]}, {given[1]})" : null;
    }

    /// <summary>The model's factory with the same settings; null where it has none of that name, such as a decay beside the declared one.</summary>
    private static string? Optimizer(IInvocationOperation optimizer, string method)
    {
        if (optimizer.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.Syntax
                is not InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: { } instance } }
            || optimizer.SemanticModel?.GetTypeInfo(instance).Type is not { } model
            || Factory(model, method) is not { } factory)
        {
            return null;
        }

        var settings = new List<string>();
        foreach (
            var argument in optimizer.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Ordinal != 0)
                .OrderBy(argument => argument.Syntax.SpanStart))
        {
            var name = argument.Parameter?.Name is "lr" ? "learningRate" : argument.Parameter?.Name;
            if (!factory.Parameters.Any(parameter => parameter.Name == name) || argument.Syntax is not ArgumentSyntax syntax)
            {
                return null;
            }

            settings.Add(syntax.NameColon is null ? syntax.Expression.ToString() : $"{name}: {syntax.Expression}");
        }

        return $"{instance}.{method}({string.Join(", ", settings)})";
    }

    private static IMethodSymbol? Factory(ITypeSymbol? model, string method)
    {
        for (; model is not null; model = model.BaseType)
        {
            if (model.GetMembers(method).OfType<IMethodSymbol>().FirstOrDefault() is { } factory)
            {
                return factory;
            }
        }

        return null;
    }
}
