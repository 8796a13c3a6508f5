using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>The rules that follow train and eval mode through the code: SN1001 to SN1004 and SN1009 to SN1011. A type in which no module runs costs nothing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ModeAnalyzer : TorchAnalyzer
{
    public ModeAnalyzer()
        : base(
            ModeRules.TrainWithoutGradients,
            ModeRules.ModeNotSet,
            ModeRules.StepInEvalMode,
            ModeRules.EvalWithGradients,
            ModeRules.OneValuePerChannel,
            ModeRules.LoadedWithoutEval,
            ModeRules.ForwardInConstructor)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch)
    {
        var dependence = new ModeDependence(torch, context.Compilation);
        context.RegisterSymbolStartAction(
            start =>
            {
                var code = new ConcurrentBag<IOperation>();
                var runsModules = false;
                start.RegisterOperationAction(operation => runsModules |= torch.IsForward((IInvocationOperation)operation.Operation), OperationKind.Invocation);
                start.RegisterOperationBlockAction(blocks =>
                {
                    foreach (var block in blocks.OperationBlocks)
                    {
                        code.Add(block);
                    }
                });
                start.RegisterSymbolEndAction(end =>
                {
                    if (runsModules)
                    {
                        var findings = new ModeFindings(torch, dependence, end.ReportDiagnostic, end.CancellationToken);
                        var bodies = code.Select(block => Body(block, end.CancellationToken)).OfType<MethodBody>().OrderBy(body => body.Root.Syntax.SpanStart).ToList();
                        new TypeModes(torch, bodies, findings.Look, end.CancellationToken).Run();
                    }
                });
            },
            SymbolKind.NamedType);
    }

    private static MethodBody? Body(IOperation block, CancellationToken cancellation)
    {
        var root = block;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        var graph = root switch
        {
            IMethodBodyOperation method => ControlFlowGraph.Create(method, cancellation),
            IConstructorBodyOperation constructor => ControlFlowGraph.Create(constructor, cancellation),
            IFieldInitializerOperation field => ControlFlowGraph.Create(field, cancellation),
            IPropertyInitializerOperation property => ControlFlowGraph.Create(property, cancellation),
            IBlockOperation bare => ControlFlowGraph.Create(bare, cancellation),
            _ => null,
        };
        return graph is not null && SymbolOf(root, cancellation) is { } symbol ? new(symbol, graph, root) : null;
    }

    private static ISymbol? SymbolOf(IOperation root, CancellationToken cancellation) => root switch
    {
        IFieldInitializerOperation field => field.InitializedFields.FirstOrDefault(),
        IPropertyInitializerOperation property => property.InitializedProperties.FirstOrDefault(),
        _ => root.SemanticModel?.GetDeclaredSymbol(root.Syntax, cancellation) ?? root.SemanticModel?.GetEnclosingSymbol(root.Syntax.SpanStart, cancellation),
    };
}
