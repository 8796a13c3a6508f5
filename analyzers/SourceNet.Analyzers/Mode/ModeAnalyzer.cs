using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
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
                start.RegisterOperationAction(
                    operation =>
                    {
                        // Only ever set: threads that read and write back would lose what another found.
                        if (torch.IsForward((IInvocationOperation)operation.Operation))
                        {
                            runsModules = true;
                        }
                    },
                    OperationKind.Invocation);
                start.RegisterOperationBlockAction(blocks =>
                {
                    foreach (var block in blocks.OperationBlocks)
                    {
                        code.Add(block);
                    }
                });
                start.RegisterSymbolEndAction(end =>
                {
                    if (!runsModules)
                    {
                        return;
                    }

                    var bodies = new RelevantCode(torch, code, end.CancellationToken).Bodies(end.CancellationToken);
                    if (bodies.Count > 0)
                    {
                        var findings = new ModeFindings(torch, dependence, end.ReportDiagnostic, end.CancellationToken);
                        new TypeModes(torch, bodies, findings.Look, end.CancellationToken).Run();
                    }
                });
            },
            SymbolKind.NamedType);
    }
}
