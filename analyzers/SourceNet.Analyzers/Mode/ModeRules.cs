using Microsoft.CodeAnalysis;

namespace SourceNet.Analyzers.Mode;

/// <summary>The rules that follow modes through the code.</summary>
internal static class ModeRules
{
    public static readonly DiagnosticDescriptor TrainWithoutGradients = new(
        "SN1001",
        "A module runs in train mode where gradients are off",
        "'{0}' runs in train mode though gradients are off: {1}. Call {0}.eval() first.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Turning gradients off does not turn dropout off. A new module is in train mode until eval() is called.",
        RuleDocumentation.Link("SN1001"));

    public static readonly DiagnosticDescriptor ModeNotSet = new(
        "SN1002",
        "A prediction does not set the mode",
        "Nothing in sight puts '{0}' into eval mode before this prediction: in train mode dropout and batch norm change its result. Call {0}.eval() first.",
        RuleCategory.Mode,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A method that predicts or evaluates depends on a mode that somebody else may have set.",
        RuleDocumentation.Link("SN1002"));

    public static readonly DiagnosticDescriptor StepInEvalMode = new(
        "SN1003",
        "Weights are updated in eval mode",
        "'{0}' ran in eval mode in this training step: dropout is off and batch norm does not learn. Call {0}.train() before each epoch.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "An eval() for the validation lasts until train() is called: all epochs after the first train without regularization.",
        RuleDocumentation.Link("SN1003"));

    public static readonly DiagnosticDescriptor EvalWithGradients = new(
        "SN1004",
        "A prediction records gradients",
        "'{0}' predicts with gradients on, and nothing goes back through them: every intermediate tensor is kept for nothing. Open torch.inference_mode() "
            + "around it.",
        RuleCategory.Mode,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "eval() does not turn gradients off. The graph of a forward pass holds all intermediate tensors until it is collected.",
        RuleDocumentation.Link("SN1004"));

    public static readonly DiagnosticDescriptor OneValuePerChannel = new(
        "SN1009",
        "Batch norm trains on one value a channel",
        "Batch norm in train mode gets one value a channel here: its variance is 0/0, so running_var turns NaN and stays NaN. Use a larger batch, or call "
            + "{0}.eval() first.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The unbiased variance of one value is NaN. PyTorch throws here; TorchSharp does not.",
        RuleDocumentation.Link("SN1009"));

    public static readonly DiagnosticDescriptor LoadedWithoutEval = new(
        "SN1010",
        "A loaded module predicts without eval()",
        "'{0}' got its weights from a file and predicts without eval(): loading does not set the mode. Call {0}.eval() after loading.",
        RuleCategory.Mode,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A file of weights holds no mode: a new module is in train mode after loading too.",
        RuleDocumentation.Link("SN1010"));

    public static readonly DiagnosticDescriptor ForwardInConstructor = new(
        "SN1011",
        "A trial run in train mode",
        "This trial run is in train mode: it moves the statistics of batch norm and keeps a graph. Run it in eval mode under torch.no_grad().",
        RuleCategory.Mode,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A forward pass in a constructor, or of zeros to learn a shape, trains batch norm on values that are no data.",
        RuleDocumentation.Link("SN1011"));
}
