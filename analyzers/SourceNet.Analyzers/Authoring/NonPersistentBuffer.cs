using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5008: a buffer that is not persistent, which <c>to()</c> leaves where it is.</summary>
public sealed class NonPersistentBuffer() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5008",
        "A buffer that is not persistent is never moved",
        "to() passes over '{0}' because of persistent: false, so it keeps its device and type while the model moves. Leave 'persistent' out, or move '{0}' "
            + "in forward.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "In PyTorch a buffer that is not persistent is moved and only not saved. TorchSharp does not move it either.",
        RuleDocumentation.Link("SN5008"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.TypeStart(start =>
        {
            if (!torch.IsModule((INamedTypeSymbol)start.Symbol))
            {
                return;
            }

            var buffers = new ConcurrentBag<Buffer>();
            var moved = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
            var read = new ConcurrentDictionary<string, bool>();
            var (registersFields, movesOthers) = (new StrongBox<bool>(), new StrongBox<bool>());
            start.RegisterOperationAction(
                operation =>
                {
                    var call = (IInvocationOperation)operation.Operation;
                    if (torch.IsModuleMethod(call, "register_buffer"))
                    {
                        Buffer.AddTo(buffers, call);
                    }
                    else if (torch.IsModuleMethod(call, "get_buffer"))
                    {
                        read.TryAdd(call.Arguments[0].Value.ConstantValue.Value as string ?? "", true);
                    }
                    else if (torch.IsModuleMethod(call, "RegisterComponents"))
                    {
                        registersFields.Value = true;
                    }
                    else if (call.TargetMethod.Name is "to" or "cuda" or "cpu" or "to_type" or "type_as" or "_to")
                    {
                        if (call.Instance.Variable() is { } variable)
                        {
                            moved.TryAdd(variable, true);
                        }

                        // Only ever set: threads that read and write back would lose what another found.
                        if (!IsArgument(call.Instance))
                        {
                            movesOthers.Value = true;
                        }
                    }
                },
                OperationKind.Invocation);
            start.RegisterSymbolEndAction(end =>
            {
                foreach (var buffer in buffers)
                {
                    var isStranded = buffer.Tensor is { } tensor
                        // Under another name the field is registered a second time, as an ordinary buffer, and moved.
                        ? !moved.ContainsKey(tensor) && (!registersFields.Value || buffer.Name == tensor.Name)
                        // Read by its name, and nothing is moved that it could be.
                        : !movesOthers.Value && read.ContainsKey(buffer.Name) && torch.ReadableBases((INamedTypeSymbol)end.Symbol).Count > 0;
                    if (isStranded)
                    {
                        end.ReportDiagnostic(Diagnostic.Create(s_rule, buffer.Place, buffer.Tensor?.Name ?? buffer.Name));
                    }
                }
            });
        });
    }

    /// <summary>Whether this is what the caller gave: a parameter that the method never writes.</summary>
    private static bool IsArgument(IOperation? tensor) => tensor.Variable() is IParameterSymbol parameter
        && !tensor!.Root()
            .Descendants()
            .Any(operation => operation is IAssignmentOperation assignment && SymbolEqualityComparer.Default.Equals(assignment.Target.Variable(), parameter));

    /// <summary>A buffer that is not persistent.</summary>
    private sealed class Buffer(Location place, string name, ISymbol? tensor)
    {
        public Location Place { get; } = place;

        public string Name { get; } = name;

        /// <summary>The field that holds it; null where the module alone does.</summary>
        public ISymbol? Tensor { get; } = tensor;

        public static void AddTo(ConcurrentBag<Buffer> buffers, IInvocationOperation call)
        {
            if (call.ExplicitArgument("persistent") is not { Value.ConstantValue: { HasValue: true, Value: false } } persistent
                || call.ExplicitArgument("tensor")?.Value.WalkDownConversions() is not { } tensor)
            {
                return;
            }

            var name = call.ExplicitArgument("name")?.Value.ConstantValue.Value as string;
            if (tensor is IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member })
            {
                buffers.Add(new(persistent.Syntax.GetLocation(), name ?? member.Name, member));
            }
            else if (name is not null && tensor is IInvocationOperation && call.Instance is IInstanceReferenceOperation)
            {
                buffers.Add(new(persistent.Syntax.GetLocation(), name, null));
            }
        }
    }
}
