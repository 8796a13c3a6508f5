using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5008: a buffer that is not persistent, which <c>to()</c> leaves where it is.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StrandedBufferAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5008",
        "A buffer that is not persistent is never moved",
        "to() passes over '{0}' because of persistent: false, so it keeps its device and type while the model moves. Leave 'persistent' out, or move '{0}' in forward.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "In PyTorch a buffer that is not persistent is moved and only not saved. TorchSharp does not move it either.",
        RuleDocumentation.Link("SN5008"));

    public StrandedBufferAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) => context.RegisterSymbolStartAction(
        start =>
        {
            if (!torch.IsModule((INamedTypeSymbol)start.Symbol))
            {
                return;
            }

            var buffers = new ConcurrentBag<(IArgumentOperation Persistent, string? Name, ISymbol Tensor)>();
            var moved = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            var registersFields = new StrongBox<bool>();
            start.RegisterOperationAction(
                operation =>
                {
                    var call = (IInvocationOperation)operation.Operation;
                    if (torch.IsModuleMethod(call, "register_buffer")
                        && call.Stated("persistent") is { Value.ConstantValue: { HasValue: true, Value: false } } persistent
                        && call.Stated("tensor")?.Value is IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member })
                    {
                        buffers.Add((persistent, call.Stated("name")?.Value.ConstantValue.Value as string, member));
                    }
                    else if (torch.IsModuleMethod(call, "RegisterComponents"))
                    {
                        registersFields.Value = true;
                    }
                    else if (call.TargetMethod.Name is "to" or "cuda" or "cpu" or "to_type" or "type_as" && call.Instance.Variable() is { } variable)
                    {
                        moved.TryAdd(variable, true);
                    }
                },
                OperationKind.Invocation);
            start.RegisterSymbolEndAction(end =>
            {
                foreach (var (persistent, name, tensor) in buffers)
                {
                    // Under another name the field is registered a second time, as an ordinary buffer, and moved.
                    if (!moved.ContainsKey(tensor) && (!registersFields.Value || name == tensor.Name))
                    {
                        end.ReportDiagnostic(Diagnostic.Create(s_rule, persistent.Syntax.GetLocation(), tensor.Name));
                    }
                }
            });
        },
        SymbolKind.NamedType);
}
