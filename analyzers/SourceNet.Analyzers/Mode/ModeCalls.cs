using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>What a call does to modes and gradients, from its name and type alone.</summary>
internal static class ModeCalls
{
    /// <summary>The mode that <c>train()</c>, <c>train(flag)</c> or <c>eval()</c> of TorchSharp or an override sets.</summary>
    public static Modes? ModeSet(this TorchSymbols torch, IInvocationOperation call)
    {
        if (torch.IsModuleMethod(call, "eval") && call.Arguments.IsEmpty)
        {
            return Modes.Eval;
        }

        return torch.IsModuleMethod(call, "train") && call.Arguments.Length <= 1
            ? call.Arguments.FirstOrDefault()?.Value.ConstantValue is null or { HasValue: true, Value: true } ? Modes.Train
                : call.Arguments[0].Value.ConstantValue is { HasValue: true, Value: false } ? Modes.Eval
                : Modes.Unknown
            : null;
    }

    /// <summary>What <c>no_grad()</c> and its relatives do to the recording of gradients; null for any other call.</summary>
    public static Gradients? GradientsSet(this TorchSymbols torch, IInvocationOperation call)
    {
        if (!SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.Torch))
        {
            return null;
        }

        var flag = call.Arguments.FirstOrDefault()?.Value.ConstantValue;
        return call.TargetMethod.Name switch
        {
            "no_grad" => Gradients.Off,
            "inference_mode" => On(flag, negated: true),
            "enable_grad" or "set_grad_enabled" => On(flag, negated: false),
            _ => null,
        };

        static Gradients On(Optional<object?>? flag, bool negated) =>
            flag is { HasValue: true, Value: bool on } ? on != negated ? Gradients.Recorded : Gradients.Off : Gradients.Unknown;
    }

    /// <summary>Whether this opens a scope that gives a module a mode: <c>EvalScope()</c>, <c>MonteCarloDropout()</c>.</summary>
    public static bool OpensModeScope(IInvocationOperation call) =>
        call.TargetMethod is { Name: "EvalScope" or "MonteCarloDropout", ContainingType: { Name: "ModuleModes", ContainingNamespace.Name: "SourceNet" } };

    /// <summary>The object that a call is about: the instance, or the first argument of an extension method.</summary>
    public static IOperation? Receiver(this IInvocationOperation call) =>
        call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value : null);

    /// <summary>Whether a method of TorchSharp gives back the module that it was called on.</summary>
    public static bool GivesItself(this TorchSymbols torch, IMethodSymbol method) =>
        torch.IsOfTorchSharp(method)
            && method.Name is "to" or "cuda" or "cpu" or "float" or "double" or "half" or "bfloat16" or "apply" or "load" or "save" or "_to";

    public static bool IsLoad(IMethodSymbol method) => method.Name is "load" or "load_state_dict" or "load_py" or "load_safetensors";
}
