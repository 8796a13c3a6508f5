using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2011: probabilities go into a loss that takes logits.</summary>
public sealed class ActivationBeforeLoss() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2011",
        "Probabilities go into a loss that takes logits",
        "{0} takes logits and applies {1} itself: after another one its gradients all but vanish. Give it what {2} gets.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Cross-entropy begins with a softmax, and the binary one with logits with a sigmoid. Applied to probabilities, they see numbers between 0 and 1 as "
            + "logits.",
        RuleDocumentation.Link("SN2011"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => torch.IsFunctional(method) || torch.IsForward(method), (operation, loss) =>
        {
            if (Applied(loss, torch) is not var (name, activation)
                || loss.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value is not { } input)
            {
                return;
            }

            if (Activation(input, activation, torch, operation.CancellationToken) is { } found)
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, input.Syntax.GetLocation(), [found.GetLocation()], name, activation, $"the {activation}"));
            }
        });
    }

    /// <summary>The name of a loss and the activation that it begins with.</summary>
    private static (string Loss, string Activation)? Applied(IInvocationOperation call, TorchSymbols torch)
    {
        if (torch.IsFunctional(call, "cross_entropy"))
        {
            return ("cross_entropy", "softmax");
        }

        if (torch.IsFunctional(call, "binary_cross_entropy_with_logits"))
        {
            return ("binary_cross_entropy_with_logits", "sigmoid");
        }

        return !torch.IsForward(call) ? null : call.Instance?.Type?.Name switch
        {
            "CrossEntropyLoss" => ("CrossEntropyLoss", "softmax"),
            "BCEWithLogitsLoss" => ("BCEWithLogitsLoss", "sigmoid"),
            _ => null,
        };
    }

    /// <summary>Where a value gets the activation: a call, directly or kept in a variable, or the end of the module that gives it.</summary>
    private static SyntaxNode? Activation(IOperation value, string activation, TorchSymbols torch, CancellationToken cancellation)
    {
        if (value.LocalDefinition() is not IInvocationOperation call)
        {
            return null;
        }

        if (call.TargetMethod.Name == activation && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingAssembly, torch.Torch.ContainingAssembly))
        {
            return call.Syntax;
        }

        return torch.IsForward(call) ? EndOf(call, activation, torch, cancellation) : null;
    }

    private static SyntaxNode? EndOf(IInvocationOperation forward, string activation, TorchSymbols torch, CancellationToken cancellation)
    {
        var layer = activation == "softmax" ? "Softmax" : "Sigmoid";
        var module = forward.Instance?.WalkDownConversions();
        if (module?.Type is { } type && type.Name == layer && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, torch.Torch.ContainingAssembly))
        {
            return forward.Syntax;
        }

        // nn.Sequential(..., nn.Softmax(1)) in a variable of the same method.
        if (module is ILocalReferenceOperation
            && module.LocalDefinition() is IInvocationOperation { TargetMethod.Name: "Sequential" } sequential
            && Last(sequential) is { } last)
        {
            return last.Type?.Name == layer ? last.Syntax : null;
        }

        // A module of the user's own, whose forward ends in it.
        return module?.Type is INamedTypeSymbol own
            && own.GetMembers("forward").OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride) is { DeclaringSyntaxReferences: [var reference] }
            ? Returned(reference.GetSyntax(cancellation), activation)
            : null;
    }

    private static IOperation? Last(IInvocationOperation sequential)
    {
        var modules = sequential.Arguments.Select(argument => argument.Value.WalkDownConversions())
            .SelectMany(
                value =>
                    value is IArrayCreationOperation { Initializer: { } elements }
                        ? elements.ElementValues.Select(element => element.WalkDownConversions())
                        : [value])
            .ToList();
        return modules.Count == 0
            ? null
            : modules[modules.Count - 1] is ITupleOperation tuple
            ? tuple.Elements[tuple.Elements.Length - 1].WalkDownConversions()
            : modules[modules.Count - 1];
    }

    /// <summary>The activation that every return of a forward ends in.</summary>
    private static SyntaxNode? Returned(SyntaxNode forward, string activation)
    {
        var results = forward.DescendantNodes(node => node is not AnonymousFunctionExpressionSyntax and not LocalFunctionStatementSyntax)
            .Select(node => node switch
            {
                ReturnStatementSyntax statement => statement.Expression,
                ArrowExpressionClauseSyntax arrow when arrow.Parent == forward => arrow.Expression,
                _ => null,
            })
            .OfType<ExpressionSyntax>()
            .ToList();
        return results.Count > 0 && results.All(IsActivation) ? results[0] : null;

        bool IsActivation(ExpressionSyntax result) => result is InvocationExpressionSyntax call
            && call.Expression switch
            {
                MemberAccessExpressionSyntax member => member.Name.Identifier.Text == activation,
                IdentifierNameSyntax name => name.Identifier.Text == activation,
                _ => false,
            };
    }
}
