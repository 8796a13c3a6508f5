using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4008: a transform that nobody uses, or that changes an image and its mask in different ways.</summary>
public sealed class TransformUse() : Rule(s_rule)
{
    private static readonly HashSet<string> s_masks =
    [
        "mask", "masks", "segmentation", "segmentations", "seg", "annotation", "annotations", "labels", "targets", "depth"
    ];

    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4008",
        "A transform does not do what it is there for",
        "{0}",
        RuleCategory.Data,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A transform works where a dataset or a pipeline calls it. A random one draws anew at each call.",
        RuleDocumentation.Link("SN4008"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        if (torch.Transforms is not null)
        {
            on.Call(method => method.Name == "call" || torch.IsTransformFactory(method), (operation, call) => Look(operation, call, torch));
        }
    }

    private static void Look(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        if (torch.IsTransformFactory(call))
        {
            if (IsIdle(call))
            {
                Report(context, call, $"{call.TargetMethod.Name} is made and never used: the images stay as they are. Put it into the pipeline, or remove it.");
            }
        }
        else if (IsTransformCall(call, torch)
            && SpeaksOfMask(call)
            && torch.RandomStep(call.Instance!) is { } random
            && call.Instance.Variable() is { } transform
            && call.Body()
                .Calls()
                .Any(
                    other =>
                        other != call
                            && IsTransformCall(other, torch)
                            && SymbolEqualityComparer.Default.Equals(other.Instance.Variable(), transform)
                            && !SpeaksOfMask(other))
            && !call.Body().Calls().Any(other => other.TargetMethod.Name is "manual_seed" or "set_rng_state"))
        {
            Report(
                context,
                call,
                $"{random} draws anew for this call: the mask no longer fits its image. Stack image and mask along the channels and transform them together.");
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation place, string message) =>
        context.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), message));

    private static bool IsTransformCall(IInvocationOperation call, TorchSymbols torch) =>
        call is { TargetMethod.Name: "call", Instance: { } transform, Arguments.Length: 1 } && torch.IsTransform(transform);

    /// <summary>Whether a transform is dropped, or kept in a variable that nobody reads.</summary>
    private static bool IsIdle(IInvocationOperation made)
    {
        var value = made.Parent is IConversionOperation conversion ? conversion.Parent : made.Parent;
        return value switch
        {
            IExpressionStatementOperation => true,
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } =>
                BodyFacts.Around(made).References(declarator.Symbol).Count == 0,
            _ => false,
        };
    }

    /// <summary>Whether the names in the argument, or that of the result, are those of a mask.</summary>
    private static bool SpeaksOfMask(IInvocationOperation call) => call.Arguments[0].Syntax.DescendantTokens()
        .Where(token => token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.StringLiteralToken))
        .Select(token => token.ValueText)
        .Append(call.AssignedVariable()?.Name)
        .SelectMany(NameWords.Of)
        .Any(s_masks.Contains);
}
