using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5007: a loop that runs a model in each turn and leaves its tensors to the garbage collector.</summary>
public sealed class UnscopedLoop() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5007",
        "A loop over a model frees no tensors",
        "Each turn of this loop makes tensors that nothing frees until the garbage collector runs, which does not see native memory. Open 'using var scope "
            + "= torch.NewDisposeScope();' inside it.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "The memory of tensors is native. A dispose scope inside the loop frees each turn's intermediate results, one around the loop frees them only at "
            + "its end.",
        RuleDocumentation.Link("SN5007"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Call(method => torch.IsBackward(method) || torch.IsForward(method), (operation, call) =>
        {
            if ((torch.IsBackward(call) || torch.IsForward(call))
                && !torch.IsModule(operation.ContainingSymbol.ContainingType)
                && !operation.ContainingSymbol.IsTest()
                && InnermostLoop(call) is { } loop
                && FirstRun(torch, loop) == call
                && !IsFreed(torch, loop))
            {
                operation.ReportDiagnostic(Diagnostic.Create(s_rule, Keyword(loop)));
            }
        });
    }

    private static ILoopOperation? InnermostLoop(IOperation operation)
    {
        for (var parent = operation.Parent; parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation); parent = parent.Parent)
        {
            if (parent is ILoopOperation loop)
            {
                return loop;
            }
        }

        return null;
    }

    /// <summary>The call that speaks for its loop, so that a loop is reported once.</summary>
    private static IOperation? FirstRun(TorchSymbols torch, ILoopOperation loop) => loop.Descendants()
        .OfType<IInvocationOperation>()
        .FirstOrDefault(call => (torch.IsBackward(call) || torch.IsForward(call)) && InnermostLoop(call) == loop);

    /// <summary>Whether something inside the loop, or a loop around it that owns the scope's turn, frees tensors.</summary>
    private static bool IsFreed(TorchSymbols torch, ILoopOperation loop) => loop.Body.DescendantsAndSelf().Any(operation => operation switch
    {
        IInvocationOperation
        {
            TargetMethod.Name: "NewDisposeScope" or "DisposeEverything" or "DisposeEverythingBut" or "WrappedTensorDisposeScope" or "Dispose" or "Collect"
        } =>
            true,
        IUsingDeclarationOperation declaration => Declares(torch, declaration.DeclarationGroup),
        IUsingOperation statement => Declares(torch, statement.Resources),
        _ => false,
    });

    private static bool Declares(TorchSymbols torch, IOperation resources) =>
        resources.DescendantsAndSelf()
            .Any(
                operation =>
                    operation is IVariableDeclaratorOperation declarator && torch.IsTensor(declarator.Symbol.Type) || torch.IsDisposeScope(operation.Type));

    private static Location Keyword(ILoopOperation loop) => loop.Syntax.GetFirstToken().GetLocation();
}
