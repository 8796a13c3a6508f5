using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5013: <c>data&lt;T&gt;()</c> of another element type than the tensor is known to have.</summary>
public sealed class ElementType() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5013",
        "data<T>() of another type than the tensor has",
        "'{0}' holds {1}, so data<{2}>() throws. Read data<{3}>(), or convert the tensor first.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "data<T>() gives the memory of a tensor as it is and converts nothing.",
        RuleDocumentation.Link("SN5013"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => method.Name == "data" && torch.IsTensor(method.ContainingType), (operation, call) =>
        {
            if (call.TargetMethod is { Name: "data", TypeArguments: [{ SpecialType: not SpecialType.None } wanted] }
                && torch.IsTensor(call.TargetMethod.ContainingType)
                && call.Instance is { } tensor
                && TypeOf(torch, tensor.LocalDefinition()) is { } type
                && Keyword(type) is { } keyword
                && wanted.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) is var asked
                && asked != keyword)
            {
                var name = tensor.Variable()?.Name ?? "The tensor";
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, call.Syntax.GetLocation(), name, type, asked, keyword));
            }
        });
    }

    /// <summary>The <c>ScalarType</c> of a tensor that a call states: by <c>dtype:</c>, by a conversion, or by what it computes.</summary>
    private static string? TypeOf(TorchSymbols torch, IOperation origin)
    {
        if (origin is not IInvocationOperation call || !torch.IsTensor(call.Type))
        {
            return null;
        }

        if (SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.Torch))
        {
            return call.TargetMethod.Name is "zeros"
                or "ones" or "full" or "empty" or "rand" or "randn" or "randint" or "arange" or "linspace" or "eye" or "tensor"
                ? ScalarType(call.ExplicitArgument("dtype"))
                : null;
        }

        return call.Instance is null || !torch.IsTensor(call.TargetMethod.ContainingType) ? null : call.TargetMethod.Name switch
        {
            "to" when IsMove(call) => TypeOf(torch, call.Instance.LocalDefinition()),
            "to" or "to_type" => ScalarType(call.Arguments.FirstOrDefault(argument => argument.Parameter?.Type.Name == "ScalarType")),
            "argmax" or "argmin" or "argsort" => "Int64",
            "cpu"
                or "cuda" or "detach" or "clone" or "alias" or "contiguous" or "view" or "reshape" or "flatten" or "squeeze" or "unsqueeze"
                or "transpose" or "permute" =>
                TypeOf(torch, call.Instance.LocalDefinition()),
            _ => null,
        };
    }

    /// <summary>Whether a conversion speaks of a device alone.</summary>
    private static bool IsMove(IInvocationOperation call) =>
        call.TargetMethod.Parameters is [{ Type.Name: "Device" or "DeviceType" or "String" }, ..] parameters
            && !parameters.Any(parameter => parameter.Type.Name == "ScalarType");

    /// <summary>The name of a <c>ScalarType</c> that an argument states as a constant, be it <c>ScalarType.Float32</c> or <c>torch.float32</c>.</summary>
    private static string? ScalarType(IArgumentOperation? type) => type?.Value.WalkDownConversions() switch
    {
        IFieldReferenceOperation { Field: { Name: var name, ContainingType.Name: "ScalarType" } } => name,
        IFieldReferenceOperation { Field: { Name: var name, ContainingType.Name: "torch" } } => name switch
        {
            "float32" or "float" => "Float32",
            "float64" or "double" => "Float64",
            "int8" => "Int8",
            "uint8" => "Byte",
            "int16" => "Int16",
            "int32" => "Int32",
            "int64" => "Int64",
            _ => null,
        },
        _ => null,
    };

    private static string? Keyword(string scalarType) => scalarType switch
    {
        "Float32" => "float",
        "Float64" => "double",
        "Int8" => "sbyte",
        "Byte" => "byte",
        "Int16" => "short",
        "Int32" => "int",
        "Int64" => "long",
        "Bool" => "bool",
        _ => null,
    };
}
