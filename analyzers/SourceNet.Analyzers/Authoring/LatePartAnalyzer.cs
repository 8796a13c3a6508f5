using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5002: a layer or parameter that a constructor makes after it registered the others.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LatePartAnalyzer : TorchAnalyzer
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5002",
        "A layer comes after RegisterComponents",
        "'{0}' gets its module or parameter after RegisterComponents(), which looks only once: it is not trained, moved or saved. Call RegisterComponents() last.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "RegisterComponents() registers what the fields hold when it is called the first time. Later calls do nothing.",
        RuleDocumentation.Link("SN5002"));

    public LatePartAnalyzer()
        : base(s_rule)
    {
    }

    private protected override void Register(CompilationStartAnalysisContext context, TorchSymbols torch) =>
        context.RegisterOperationAction(
            operation =>
            {
                var call = (IInvocationOperation)operation.Operation;
                if (call.TargetMethod.Name == "RegisterComponents"
                    && operation.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType: var type }
                    && torch.ReadableBases(type).Count > 0
                    && torch.IsRegistration(call)
                    && call.Parent is IExpressionStatementOperation { Parent: IBlockOperation { Parent: IConstructorBodyOperation } body } statement)
                {
                    Check(operation, torch, body.Operations.SkipWhile(other => other != statement).Skip(1).SelectMany(Executed).ToList());
                }
            },
            OperationKind.Invocation);

    private static void Check(OperationAnalysisContext context, TorchSymbols torch, List<IOperation> rest)
    {
        if (rest.OfType<IInvocationOperation>().Any(call => call.TargetMethod.Name != "RegisterComponents" && torch.IsRegistration(call)))
        {
            // They register by hand what comes late.
            return;
        }

        foreach (var operation in rest)
        {
            if (operation is ISimpleAssignmentOperation { Target: { } target } assignment && Member(target) is { } member && torch.MakesPart(assignment.Value))
            {
                Report(context, torch, target, member.Name, assignment.Value.Bare().Type);
            }
            else if (operation is IInvocationOperation { Instance: { } list } call && Member(list) is { } field && IsAddition(torch, call))
            {
                Report(context, torch, call, field.Name, call.Arguments[^1].Value.Bare().Type);
            }
        }
    }

    private static bool IsAddition(TorchSymbols torch, IInvocationOperation call) =>
        call.TargetMethod is { Name: "Add" or "Insert", ContainingType: { Name: "ModuleList" or "ModuleDict" } list }
        && torch.IsModule(list)
        && torch.MakesPart(call.Arguments.LastOrDefault()?.Value);

    private static void Report(OperationAnalysisContext context, TorchSymbols torch, IOperation place, string name, ITypeSymbol? part)
    {
        var severity = torch.IsStateful(part) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info;
        context.ReportDiagnostic(Diagnostic.Create(s_rule, place.Syntax.GetLocation(), severity, null, null, name));
    }

    /// <summary>A field or automatic property of this object: what reflection over fields finds.</summary>
    private static ISymbol? Member(IOperation target) => target.Variable() switch
    {
        IFieldSymbol { IsStatic: false } field => field,
        IPropertySymbol { IsStatic: false } property when property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)) => property,
        _ => null,
    };

    /// <summary>An operation and those in it, without the bodies of functions that run some other time.</summary>
    private static IEnumerable<IOperation> Executed(IOperation operation) =>
        operation is IAnonymousFunctionOperation or ILocalFunctionOperation ? [] : operation.ChildOperations.SelectMany(Executed).Prepend(operation);
}
