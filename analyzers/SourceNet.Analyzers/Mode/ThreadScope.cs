using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>SN1008: gradient scopes and dispose scopes belong to a thread, and <c>await</c> or <c>Task.Run</c> goes to another.</summary>
public sealed class ThreadScope() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN1008",
        "A scope of this thread is used across threads",
        "{0}() belongs to this thread, and {1}. {2}.",
        RuleCategory.Mode,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "no_grad(), inference_mode() and NewDisposeScope() set a state of the thread. After an await the code may run on another thread, and a task does.",
        RuleDocumentation.Link("SN1008"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(operation => Await(operation, torch), OperationKind.Await);
        on.Call(StartsThreads, (operation, call) => Task(operation, call, torch));
    }

    private static void Await(OperationAnalysisContext context, TorchSymbols torch)
    {
        if (OpenScope(context.Operation, torch) is not { } scope)
        {
            return;
        }

        // The handler of an event of a user interface comes back to its thread.
        var isHandler = context.ContainingSymbol is IMethodSymbol { IsAsync: true, ReturnsVoid: true, Parameters.Length: 2 };
        Report(
            context,
            scope,
            context.Operation.Syntax,
            "after `await` the code may run on another one",
            "Close the scope before it, or await outside of it",
            isHandler ? DiagnosticSeverity.Info : DiagnosticSeverity.Warning);
    }

    private static void Task(OperationAnalysisContext context, IInvocationOperation call, TorchSymbols torch)
    {
        foreach (var lambda in call.Arguments.Select(argument => Lambda(argument.Value)).OfType<IAnonymousFunctionOperation>())
        {
            if (OpenScope(call, torch) is { } scope
                && lambda.Body.Descendants()
                    .FirstOrDefault(
                        operation =>
                            operation is IInvocationOperation made
                                && (torch.IsTensor(made.Type) || torch.IsForward(made))
                                && OpenScope(made, torch) is null) is { } work)
            {
                Report(
                    context,
                    scope,
                    work.Syntax,
                    $"`{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}` runs this on others",
                    "Open a scope inside of the lambda",
                    DiagnosticSeverity.Warning);
            }
        }
    }

    private static void Report(
        OperationAnalysisContext context,
        IInvocationOperation scope,
        SyntaxNode place,
        string what,
        string instead,
        DiagnosticSeverity severity) =>
        context.ReportDiagnostic(
            Diagnostic.Create(
                s_rule,
                place.GetLocation(),
                severity,
                additionalLocations: [scope.Syntax.GetLocation()],
                ImmutableDictionary<string,
                string?>.Empty,
                scope.TargetMethod.Name,
                what,
                instead));

    private static bool StartsThreads(IMethodSymbol method) => method.ContainingType is { } type
        && type.ContainingNamespace?.ToDisplayString() is "System.Threading.Tasks" or "System.Threading"
        && (type.Name, method.Name) is ("Task" or "TaskFactory", "Run" or "StartNew") or (
            "Parallel",
            "For" or "ForEach" or "Invoke" or "ForAsync" or "ForEachAsync") or ("ThreadPool", "QueueUserWorkItem");

    private static IAnonymousFunctionOperation? Lambda(IOperation value) => value.WalkDownConversions() switch
    {
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda } => lambda,
        IAnonymousFunctionOperation lambda => lambda,
        _ => null,
    };

    /// <summary>The innermost scope of the thread that is open where an operation runs, in the same method or lambda.</summary>
    private static IInvocationOperation? OpenScope(IOperation operation, TorchSymbols torch)
    {
        for (
            var (inner, outer) = (operation, operation.Parent); outer is not null
                and not (IAnonymousFunctionOperation or ILocalFunctionOperation); (inner, outer) = (outer, outer.Parent))
        {
            var scope = outer switch
            {
                IUsingOperation @using when inner == @using.Body =>
                    @using.Resources.DescendantsAndSelf().Select(resource => Scope(resource, torch)).FirstOrDefault(found => found is not null),
                IBlockOperation block => Declared(block, inner, torch),
                _ => null,
            };
            if (scope is not null)
            {
                return scope;
            }
        }

        return null;
    }

    /// <summary>The last <c>using var</c> of a scope before a statement.</summary>
    private static IInvocationOperation? Declared(IBlockOperation block, IOperation before, TorchSymbols torch) => block.Operations
        .TakeWhile(statement => statement != before)
        .OfType<IUsingDeclarationOperation>()
        .SelectMany(declaration => declaration.DeclarationGroup.DescendantsAndSelf())
        .Select(operation => Scope(operation, torch))
        .LastOrDefault(found => found is not null);

    private static IInvocationOperation? Scope(IOperation operation, TorchSymbols torch) =>
        operation is IInvocationOperation call && (torch.GradientsSet(call) is not null || torch.IsTorchFunction(call, "NewDisposeScope")) ? call : null;
}
