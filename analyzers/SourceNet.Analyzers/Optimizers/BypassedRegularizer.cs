using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling;
using SourceNet.Modeling.Regularizers;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2012: a declared regularizer that nothing applies, because the optimizer or the loss is another one.</summary>
public sealed class BypassedRegularizer() : Rule(s_rule)
{
    private static readonly HashSet<string> s_ofOptimizer = AttributesOf(RegularizationPlace.Step, RegularizationPlace.Gradients);

    private static readonly HashSet<string> s_ofLoss = AttributesOf(RegularizationPlace.Objective);

    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2012",
        "A declared regularizer is bypassed",
        "{0} declares [{1}], which {2} knows nothing of: it is not applied. Use {3}.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Regularizers on weights act in the optimizer that CreateOptimizer makes; label smoothing and penalties in the model's Loss.",
        RuleDocumentation.Link("SN2012"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => torch.IsOptimizerFactory(method) || torch.IsFunctional(method) || torch.IsForward(method), (operation, call) =>
        {
            if (torch.IsOptimizerFactory(call))
            {
                Optimizer(operation, call, torch);
            }
            else if (IsLoss(call, torch))
            {
                Loss(operation, call, torch);
            }
        });
        on.Creation(torch.IsRegularizedOptimizer, (operation, made) => Alike(operation, made, torch));
    }

    private static void Optimizer(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        if (torch.ParametersOf(call)?.Instance is { Type: { } model } instance && Declared(model, s_ofOptimizer) is { } regularizer)
        {
            var factory = call.TargetMethod.Name == "SGD" ? "CreateSgd" : "CreateOptimizer";
            Report(
                context,
                call,
                call.TargetMethod.Name is "SGD" or "AdamW" ? factory : null,
                model.Name,
                regularizer,
                call.TargetMethod.Name,
                $"{instance.Syntax}.{factory}(...)");
        }
    }

    /// <summary>An optimizer of SourceNet that steps all parameters alike, and not the groups of the model.</summary>
    private static void Alike(OperationAnalysisContext context, IObjectCreationOperation made, TorchSymbols torch)
    {
        if (torch.ParametersOf(made)?.Instance is { Type: { } model } instance && Declared(model, s_ofOptimizer) is { } regularizer)
        {
            var instead = made.Type!.Name switch
            {
                "RegularizedAdamW" => "CreateOptimizer(...)",
                "RegularizedSgd" => "CreateSgd(...)",
                var name => $"CreateOptimizer(groups => new {name}(groups, ...))",
            };
            Report(context, made, null, model.Name, regularizer, $"{made.Type.Name} of {instance.Syntax}.parameters()", $"{instance.Syntax}.{instead}");
        }
    }

    private static void Loss(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value is { } logits
            && logits.LocalDefinition() is IInvocationOperation forward
            && torch.IsForward(forward)
            && forward.Instance is { Type: { } model } instance
            && Declared(model, s_ofLoss) is { } regularizer
            && IsTrainedWith(call, torch))
        {
            var loss = call.TargetMethod.Name is "forward" or "call" ? call.Instance!.Type!.Name : call.TargetMethod.Name;
            var isTheSame = instance.Variable() is not null
                && IsPlain(call, torch)
                && Objective(loss) is { } objective
                && objective == DeclaredModel.Objective(model);
            Report(context, call, isTheSame ? "Loss" : null, model.Name, regularizer, loss, $"{instance.Syntax}.Loss(...)", instance.Syntax.ToString());
        }
    }

    /// <param name="context">Takes the report.</param>
    /// <param name="call">What bypasses the model.</param>
    /// <param name="method">The method of the model that does the same and applies what is declared; null if none does.</param>
    /// <param name="model">The class.</param>
    /// <param name="regularizer">The attribute.</param>
    /// <param name="bypass">The plain optimizer or loss.</param>
    /// <param name="instead">What to use, in words.</param>
    /// <param name="instance">The model as it is written where the call stands.</param>
    private static void Report(
        OperationAnalysisContext context,
        IOperation call,
        string? method,
        string model,
        string regularizer,
        string bypass,
        string instead,
        string? instance = null) =>
        context.ReportDiagnostic(Diagnostic.Create(
            s_rule,
            call.Syntax.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add("method", method).Add("model", instance),
            model,
            regularizer,
            bypass,
            instead));

    /// <summary>Whether a loss is told nothing but logits and targets, neither in the call nor where it was made.</summary>
    private static bool IsPlain(IInvocationOperation loss, TorchSymbols torch) =>
        SaysNothingAfter(loss, 2)
        && (loss.Instance is null || (loss.Instance.LocalDefinition() is IInvocationOperation made
            && SymbolEqualityComparer.Default.Equals(made.TargetMethod.ContainingType, torch.NN)
            && SaysNothingAfter(made, 0)));

    private static bool SaysNothingAfter(IInvocationOperation call, int count) =>
        call.Arguments.All(argument => argument.Parameter?.Ordinal < count || argument.ArgumentKind == ArgumentKind.DefaultValue);

    /// <summary>The objective that a loss computes.</summary>
    private static string? Objective(string loss) => loss switch
    {
        "cross_entropy" or "CrossEntropyLoss" => "CrossEntropy",
        "mse_loss" or "MSELoss" => "MeanSquaredError",
        "binary_cross_entropy_with_logits" or "BCEWithLogitsLoss" => "BinaryCrossEntropy",
        _ => null,
    };

    private static bool IsLoss(IInvocationOperation call, TorchSymbols torch) =>
        (torch.IsForward(call) && TorchSymbols.IsLoss(call.Instance?.Type))
        || torch.IsFunctional(call, "cross_entropy")
        || torch.IsFunctional(call, "nll_loss")
        || torch.IsFunctional(call, "mse_loss")
        || torch.IsFunctional(call, "binary_cross_entropy_with_logits");

    private static HashSet<string> AttributesOf(params RegularizationPlace[] places) =>
        [.. RegularizerCatalogue.All.Where(regularizer => places.Contains(regularizer.Place)).Select(regularizer => regularizer.Attribute + "Attribute")];

    /// <summary>The first regularizer of a declared model that belongs to a group.</summary>
    private static string? Declared(ITypeSymbol model, HashSet<string> group) =>
        DeclaredModel.Is(model) && DeclaredModel.Attributes(model).FirstOrDefault(group.Contains) is { } name
            ? name.Substring(0, name.Length - "Attribute".Length)
            : null;

    /// <summary>Whether a backward pass starts from the loss. One that is only looked at, as in a validation, may be any.</summary>
    private static bool IsTrainedWith(IInvocationOperation loss, TorchSymbols torch)
    {
        if (loss.Parent is IInvocationOperation next && torch.IsBackward(next))
        {
            return true;
        }

        return loss.AssignedVariable() is { } kept
            && loss.Body().Calls().Any(call => torch.IsBackward(call) && SymbolEqualityComparer.Default.Equals(call.Instance.Variable(), kept));
    }
}
