using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Optimizers;

/// <summary>SN2004: a decay of all parameters, biases and norm scales included.</summary>
public sealed class FlatDecay() : Rule(s_rule)
{
    private static readonly HashSet<string> s_withBiasOrScale =
    [
        "Linear", "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "BatchNorm1d", "BatchNorm2d",
        "BatchNorm3d", "LayerNorm", "GroupNorm",
        "RNN", "LSTM", "GRU", "MultiheadAttention", "Transformer", "TransformerEncoder", "TransformerDecoder", "TransformerEncoderLayer",
        "TransformerDecoderLayer", "Sequential",
    ];

    private static readonly DiagnosticDescriptor s_rule = new(
        "SN2004",
        "Weight decay reaches biases and norm scales",
        "This decay pulls the biases and norm scales of '{0}' to zero too, which regularizes nothing. Put them into a group without decay.",
        RuleCategory.Optimizers,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Decay limits how strongly an input acts. A bias or the scale of a norm multiplies no input.",
        RuleDocumentation.Link("SN2004"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(torch.IsOptimizerFactory, (operation, call) =>
        {
            if (torch.IsOptimizerFactory(call))
            {
                Report(operation, call.ExplicitArgument("weight_decay"), torch.ParametersOf(call), torch);
            }
        });
        on.Creation(
            torch.IsRegularizedOptimizer,
            (operation, made) => Report(operation, made.ExplicitArgument("weightDecay"), torch.ParametersOf(made), torch));
    }

    private static void Report(OperationAnalysisContext context, IArgumentOperation? decay, IInvocationOperation? parameters, TorchSymbols torch)
    {
        if (decay is not null
            && decay.Value.ConstantNumber() is not (null or 0)
            && parameters?.Instance is { Type: { } model } instance
            && HasBiasOrScale(model, torch, 0))
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, decay.Syntax.GetLocation(), instance.Syntax.ToString()));
        }
    }

    /// <summary>Whether a model has a layer with a bias or scale among its fields, or theirs. Declared models group their parameters themselves.</summary>
    private static bool HasBiasOrScale(ITypeSymbol model, TorchSymbols torch, int depth) =>
        SymbolEqualityComparer.Default.Equals(model.ContainingAssembly, torch.Torch.ContainingAssembly)
            ? s_withBiasOrScale.Contains(model.Name)
            : depth < 4
                && !DeclaredModel.Is(model)
                && model.GetMembers().OfType<IFieldSymbol>().Any(field => torch.IsModule(field.Type) && HasBiasOrScale(field.Type, torch, depth + 1));
}
