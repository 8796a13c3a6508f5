using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5006: <c>using</c> on the result of an operator in place, which is the tensor that it worked on.</summary>
public sealed class InPlaceAliasDisposed() : Rule(s_rule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5006",
        "A using disposes the tensor that was changed in place",
        "{0} returns '{1}' itself, so this using disposes '{1}', which is still needed. Drop the using, or use the operator without the underscore.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "TorchSharp's operators in place return the object that they were called on, not a second handle.",
        RuleDocumentation.Link("SN5006"));

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        on.Operation(
            operation =>
            {
                var declaration = (IUsingDeclarationOperation)operation.Operation;
                Check(operation, torch, declaration.DeclarationGroup, declaration.Parent);
            },
            OperationKind.UsingDeclaration);
        on.Operation(
            operation =>
            {
                var statement = (IUsingOperation)operation.Operation;
                Check(operation, torch, statement.Resources, statement);
            },
            OperationKind.Using);
    }

    /// <summary>Looks at what a <c>using</c> disposes at the end of a scope.</summary>
    private static void Check(OperationAnalysisContext context, TorchSymbols torch, IOperation resources, IOperation? scope)
    {
        foreach (var resource in Resources(resources))
        {
            if (resource.WalkDownConversions() is IInvocationOperation call
                && ReturnsItsTensor(torch, call)
                && Original(torch, call).Variable() is { } original
                && scope is not null
                && IsNeededAfter(original, scope))
            {
                context.ReportDiagnostic(Diagnostic.Create(s_rule, resource.Syntax.GetLocation(), call.TargetMethod.Name, original.Name));
            }
        }
    }

    private static IEnumerable<IOperation> Resources(IOperation resources) => resources is IVariableDeclarationGroupOperation group
        ? group.Declarations.SelectMany(declaration => declaration.Declarators)
            .Select(declarator => declarator.GetVariableInitializer()?.Value)
            .OfType<IOperation>()
        : [resources];

    /// <summary>The tensor at the start of a chain such as <c>x.add_(1).mul_(2)</c>.</summary>
    private static IOperation? Original(TorchSymbols torch, IInvocationOperation call)
    {
        var instance = call.Instance;
        while (instance?.WalkDownConversions() is IInvocationOperation earlier && ReturnsItsTensor(torch, earlier))
        {
            instance = earlier.Instance;
        }

        return instance;
    }

    /// <summary>Operators in place, but for those of TorchSharp 0.107 that give a second handle.</summary>
    private static bool ReturnsItsTensor(TorchSymbols torch, IInvocationOperation call) =>
        call.TargetMethod is { IsStatic: false, Name: { Length: > 1 } name }
        && name[^1] == '_'
        && name is not ("zero_" or "gelu_" or "tril_" or "triu_" or "elu_")
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.Tensor)
        && torch.IsTensor(call.Type);

    /// <summary>Whether a tensor outlives the scope: a field, the caller's argument, or a local that is read later, returned or kept elsewhere.</summary>
    private static bool IsNeededAfter(ISymbol original, IOperation scope) => original switch
    {
        IFieldSymbol => true,
        IPropertySymbol { IsAbstract: false, IsVirtual: false, IsOverride: false } property => GivesWhatIsKept(property),
        IParameterSymbol parameter => !Uses(parameter, scope).Any(IsTarget),
        ILocalSymbol local =>
            IsBorrowed(local, scope)
                || Uses(local, scope).FirstOrDefault(use => use.Syntax.SpanStart >= scope.Syntax.Span.End || use.Parent is IReturnOperation) is { } next
                    && !IsTarget(next),
        _ => false,
    };

    /// <summary>Whether a property gives a field, or what the module registered, and makes nothing.</summary>
    private static bool GivesWhatIsKept(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).FirstOrDefault() switch
        {
            PropertyDeclarationSyntax
            {
                ExpressionBody.Expression: PostfixUnaryExpressionSyntax { Operand: InvocationExpressionSyntax { Expression: IdentifierNameSyntax name } } given,
            }
                when given.IsKind(SyntaxKind.SuppressNullableWarningExpression) => name.Identifier.Text is "get_buffer" or "get_parameter",
            PropertyDeclarationSyntax { ExpressionBody.Expression: IdentifierNameSyntax { Identifier.Text: var field } } =>
                property.ContainingType.GetMembers(field).Any(member => member is IFieldSymbol),
            PropertyDeclarationSyntax { AccessorList.Accessors: var accessors } => accessors.All(accessor => accessor is { Body: null, ExpressionBody: null }),
            _ => false,
        };

    /// <summary>Whether a local only ever names a tensor that a field holds, itself or in a collection, and goes on holding.</summary>
    private static bool IsBorrowed(ILocalSymbol local, IOperation scope)
    {
        var value = BodyFacts.Around(scope).OnlyValue(local)?.WalkDownConversions();
        return (value is null ? null : Collection(value) ?? value).Variable() is IFieldSymbol holder
            && scope.Root().Descendants().Where(operation => Equals(operation, holder)).All(IsOnlyRead);

        static bool Equals(IOperation operation, ISymbol holder) =>
            operation is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field, holder);
    }

    /// <summary>The array, list or dictionary of the framework that an operation takes an element of.</summary>
    private static IOperation? Collection(IOperation element) => element switch
    {
        IArrayElementReferenceOperation array => array.ArrayReference,
        IPropertyReferenceOperation { Property: { IsIndexer: true, ContainingNamespace: { Name: "Generic", ContainingNamespace.Name: "Collections" } } } indexer
            => indexer.Instance,
        _ => null,
    };

    /// <summary>Whether a holder keeps what it has: it is not written, no element of it is, and none is taken out.</summary>
    private static bool IsOnlyRead(IOperation holder) => holder.Parent switch
    {
        IInvocationOperation call => call.TargetMethod.Name is "ContainsKey" or "TryGetValue" or "Contains",
        IArrayElementReferenceOperation or IPropertyReferenceOperation => !IsTarget(holder.Parent),
        IVariableInitializerOperation => true,
        IConversionOperation { Parent: IForEachLoopOperation } => true,
        _ => false,
    };

    private static bool IsTarget(IOperation use) => use.Parent is IAssignmentOperation assignment && assignment.Target == use;

    private static IEnumerable<IOperation> Uses(ISymbol variable, IOperation scope) => scope.Body().DescendantsAndSelf()
        .Where(
            operation =>
                operation is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(operation.Variable(), variable));
}
