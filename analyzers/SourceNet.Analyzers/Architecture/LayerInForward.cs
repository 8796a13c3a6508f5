using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Architecture;

/// <summary>SN3010: a layer or parameter that is made anew at each forward.</summary>
public sealed class LayerInForward() : Rule(s_weights, s_mode, s_stateless)
{
    private const string Title = "A layer is made inside forward";
    private const string Description =
        "What forward makes is made anew at each call. It is in no parameters(), no state_dict and no optimizer, and eval() does not reach it.";

    private static readonly DiagnosticDescriptor s_weights = Rule(
        "SN3010",
        "{0} is made anew at each forward: its weights begin anew each time, and no optimizer trains them. Make it in the constructor and keep it in a field.",
        DiagnosticSeverity.Warning);

    private static readonly DiagnosticDescriptor s_mode = Rule(
        "SN3010",
        "{0} is made anew at each forward, in train mode, and eval() never reaches it: it stays active in eval mode. Make it in the constructor, or use the "
            + "function with 'training:'.",
        DiagnosticSeverity.Warning);

    private static readonly DiagnosticDescriptor s_stateless = Rule(
        "SN3010",
        "{0} is made anew at each forward. Make it in the constructor and keep it in a field, or use the function.",
        DiagnosticSeverity.Info);

    private static readonly HashSet<string> s_withWeights =
    [
        "Linear", "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Embedding", "EmbeddingBag", "RNN",
        "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell", "MultiheadAttention",
        "Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoder", "TransformerDecoderLayer",
    ];

    private static readonly HashSet<string> s_withMode =
    [
        "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "RReLU",
    ];

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Making(
            torch.IsModuleFactory,
            type => torch.IsModule(type) || torch.IsParameter(type),
            operation =>
            {
                if (operation.ContainingSymbol is IMethodSymbol { Name: "forward", IsOverride: true } forward
                    && torch.IsModule(forward.ContainingType)
                    && operation.Operation.Type is { } made
                    && Rule(operation.Operation, made, torch) is { } rule
                    && !IsKept(operation.Operation))
                {
                    operation.ReportDiagnostic(Diagnostic.Create(rule, operation.Operation.Syntax.GetLocation(), made.Name));
                }
            });
    }

    private static DiagnosticDescriptor? Rule(IOperation operation, ITypeSymbol made, TorchSymbols torch)
    {
        var isMade = operation switch
        {
            IInvocationOperation call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.NN)
                && !call.TargetMethod.Name.EndsWith("_from_pretrained", StringComparison.Ordinal),
            IObjectCreationOperation creation => creation.Constructor is not null,
            _ => false,
        };
        if (!isMade || TorchSymbols.IsLoss(made))
        {
            return null;
        }

        // The constructor of a layer from tensors that exist takes their weights.
        var isOfTorch = SymbolEqualityComparer.Default.Equals(made.ContainingAssembly, torch.Torch.ContainingAssembly);
        return torch.IsParameter(made) ? IsOptimized(operation, torch) ? null : s_weights
            : !torch.IsModule(made) || made.Name is "Sequential" or "ModuleList" or "ModuleDict" or "Identity" ? null
            : !isOfTorch ? s_stateless
            : s_withMode.Contains(made.Name) ? s_mode
            : s_withWeights.Contains(made.Name) && !TakesTensors(operation, torch) ? s_weights
            : s_stateless;
    }

    /// <summary>A forward may solve a problem by gradient descent, on a parameter of its own.</summary>
    private static bool IsOptimized(IOperation operation, TorchSymbols torch) =>
        operation.Root().Descendants().OfType<IInvocationOperation>().Any(torch.IsOptimizerFactory);

    private static bool TakesTensors(IOperation operation, TorchSymbols torch) =>
        operation is IInvocationOperation call && call.Arguments.Any(argument => torch.IsTensor(argument.Value.WalkDownConversions().Type));

    /// <summary>Whether a field or property gets it: made once, or known as a part that comes late.</summary>
    private static bool IsKept(IOperation operation)
    {
        for (var (inner, outer) = (operation, operation.Parent); outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            switch (outer)
            {
                case IAssignmentOperation assignment:
                    return assignment.Value == inner && assignment.Target is IFieldReferenceOperation or IPropertyReferenceOperation;
                case IInvocationOperation { TargetMethod.Name: "register_module" or "add_module" or "register_parameter" }:
                    return true;
                case IBlockOperation or IExpressionStatementOperation:
                    return false;
            }
        }

        return false;
    }

    private static DiagnosticDescriptor Rule(string id, string message, DiagnosticSeverity severity) =>
        new(id, Title, message, RuleCategory.Architecture, severity, isEnabledByDefault: true, Description, RuleDocumentation.Link(id));
}
