using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>SN4007: the parts of a split that are taken from a lazy sequence, which shuffles again for each of them.</summary>
public sealed class ReshuffledSplit() : Rule(s_rule)
{
    private static readonly HashSet<string> s_lazy =
    [
        "OrderBy", "OrderByDescending", "ThenBy", "ThenByDescending", "Select", "Where", "AsEnumerable", "Cast", "OfType", "Concat", "Reverse", "Shuffle"
    ];

    private static readonly DiagnosticDescriptor s_rule = new(
        "SN4007",
        "A split shuffles again for each part",
        "'{0}' is shuffled anew by each enumeration: Take and Skip see different orders, so that samples of one part are in the other too. Call ToList() on "
            + "it first.",
        RuleCategory.Data,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "OrderBy with a random key runs at each enumeration, not once. A validation set that shares samples with the training set measures memory.",
        RuleDocumentation.Link("SN4007"));

    internal override void Register(Dispatcher on, CompilationFacts facts) => on.Call(["Take"], Look);

    private static void Look(OperationAnalysisContext context, IInvocationOperation take)
    {
        if (!take.IsLinq("Take")
            || take.Arguments[0].Value.WalkDownConversions() is not ILocalReferenceOperation { Local: { } sequence } read
            || read.OnlyValue() is not { } value
            || !ShufflesAgain(value)
            || MayBeSkipped(take, value))
        {
            return;
        }

        var isSplit = take.Body()
            .Calls()
            .Any(
                skip =>
                    skip.IsLinq("Skip")
                        && SymbolEqualityComparer.Default.Equals(skip.Arguments[0].Value.WalkDownConversions().Variable(), sequence)
                        && !MayBeSkipped(skip, value));
        var isFirst = take.Body()
            .Calls()
            .First(
                call =>
                    call.IsLinq("Take") && SymbolEqualityComparer.Default.Equals(call.Arguments[0].Value.WalkDownConversions().Variable(), sequence)) == take;
        if (isSplit && isFirst)
        {
            context.ReportDiagnostic(Diagnostic.Create(s_rule, value.Syntax.GetLocation(), sequence.Name));
        }
    }

    /// <summary>Whether each enumeration of a sequence gives another order.</summary>
    private static bool ShufflesAgain(IOperation sequence)
    {
        var bare = sequence.WalkDownConversions();
        if ((bare is ITranslatedQueryOperation query ? query.Operation.WalkDownConversions() : bare) is not IInvocationOperation call)
        {
            return false;
        }

        if (!call.IsLinq())
        {
            return call.BodyOf(call.TargetMethod) is { } body && (IsIterator(body) ? DrawsAnew(body) : Result(body) is { } result && ShufflesAgain(result));
        }

        return s_lazy.Contains(call.TargetMethod.Name)
            && (call.TargetMethod.Name == "Shuffle"
                || (call.TargetMethod.Name is "OrderBy" or "OrderByDescending"
                    && call.Arguments[1].Value.WalkDownConversions() is IDelegateCreationOperation { Target: IAnonymousFunctionOperation key }
                    && DrawsAnew(key))
                || ShufflesAgain(call.Arguments[0].Value));
    }

    /// <summary>Whether code that runs at each enumeration draws random numbers that differ from those of the last one.</summary>
    private static bool DrawsAnew(IOperation enumeration) =>
        enumeration.Descendants().OfType<IInvocationOperation>().Any(call => call.TargetMethod.ContainingType switch
    {
        { Name: "Random", ContainingNamespace.Name: "System" } => call.Instance is { } generator && !StartsAgain(generator, enumeration),
        { Name: "Guid", ContainingNamespace.Name: "System" } => call.TargetMethod.Name == "NewGuid",
        { Name: "RandomNumberGenerator", ContainingNamespace.Name: "Cryptography" } => call.TargetMethod.Name == "GetInt32",
        _ => false,
    });

    /// <summary>Whether a generator is made from a seed by the enumeration itself, so that it gives the same numbers again.</summary>
    private static bool StartsAgain(IOperation generator, IOperation enumeration)
    {
        return generator.LocalDefinition() is IObjectCreationOperation { Arguments.Length: > 0 } made && enumeration.Syntax.Span.Contains(made.Syntax.Span);
    }

    private static bool IsIterator(IOperation body) => body.InOrder().Any(operation => operation.Kind == OperationKind.YieldReturn);

    private static IOperation? Result(IOperation body) => body.InOrder().OfType<IReturnOperation>().ToList() is [{ ReturnedValue: { } value }] ? value : null;

    /// <summary>Whether a condition decides about a call, but not about the declaration of the sequence: it may be one of two alternatives.</summary>
    private static bool MayBeSkipped(IOperation call, IOperation declared)
    {
        for (var outer = call.Parent; outer is not null and not (IAnonymousFunctionOperation or ILocalFunctionOperation); outer = outer.Parent)
        {
            if (outer is IConditionalOperation or ISwitchOperation or ISwitchExpressionOperation or ICatchClauseOperation
                && !outer.Syntax.Span.Contains(declared.Syntax.Span))
            {
                return true;
            }
        }

        return false;
    }
}
