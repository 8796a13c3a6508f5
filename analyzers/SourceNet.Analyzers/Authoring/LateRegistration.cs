using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>SN5002: a layer or parameter that a constructor makes after it registered the others.</summary>
public sealed class LateRegistration() : Rule(s_rule, s_derivedRule)
{
    private static readonly DiagnosticDescriptor s_rule = new(
        "SN5002",
        "A layer comes after RegisterComponents",
        "'{0}' gets its module or parameter after RegisterComponents(), which looks only once: it is not trained, moved or saved. Call RegisterComponents() "
            + "last.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "RegisterComponents() registers what the fields hold when it is called the first time. Later calls do nothing.",
        RuleDocumentation.Link("SN5002"));

    private static readonly DiagnosticDescriptor s_derivedRule = new(
        "SN5002",
        "A layer comes after RegisterComponents",
        "'{0}' gets its module or parameter after the constructor of '{1}' called RegisterComponents(), which looks only once: it is not trained, moved or "
            + "saved. Register it by name.",
        RuleCategory.Authoring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "RegisterComponents() registers what the fields hold when it is called the first time. A base's constructor runs before that of the derived class, "
            + "and after its field initializers.",
        RuleDocumentation.Link("SN5002"),
        WellKnownDiagnosticTags.CompilationEnd);

    internal override void Register(Dispatcher on, CompilationFacts facts)
    {
        var torch = facts.Torch;
        var registering = new ConcurrentDictionary<ISymbol, bool>(SymbolEqualityComparer.Default);
        var derived = new ConcurrentBag<(IReadOnlyList<INamedTypeSymbol> Bases, LatePart Part)>();
        on.Operation(
            operation =>
            {
                if (operation.Operation is not IConstructorBodyOperation { BlockBody: { } body }
                    || torch.ReadableBases(operation.ContainingSymbol.ContainingType) is not { Count: > 0 } bases)
                {
                    return;
                }

                var unregistered = body.Operations.TakeWhile(statement => !Registers(torch, statement)).ToList();
                if (unregistered.Count < body.Operations.Length)
                {
                    registering.TryAdd(bases[0], true);
                    foreach (var part in LateParts(torch, body.Operations.Skip(unregistered.Count + 1)))
                    {
                        operation.ReportDiagnostic(Diagnostic.Create(s_rule, part.Place, part.Severity, null, null, part.Name));
                    }
                }

                if (bases.Count > 1)
                {
                    foreach (var part in LateParts(torch, unregistered))
                    {
                        derived.Add((bases, part));
                    }
                }
            },
            OperationKind.ConstructorBody);
        on.End(end =>
        {
            foreach (var (bases, part) in derived)
            {
                // With several constructors nobody knows which one ran.
                if (bases.Skip(1).FirstOrDefault(above => registering.ContainsKey(above) && above.InstanceConstructors.Length == 1) is { } first)
                {
                    end.ReportDiagnostic(Diagnostic.Create(s_derivedRule, part.Place, part.Severity, null, null, part.Name, first.Name));
                }
            }
        });
    }

    private static bool Registers(TorchSymbols torch, IOperation statement) =>
        statement is IExpressionStatementOperation { Operation: IInvocationOperation { TargetMethod.Name: "RegisterComponents" } call }
            && torch.IsRegistration(call);

    /// <summary>The parts that statements make, where they register none by hand.</summary>
    private static IEnumerable<LatePart> LateParts(TorchSymbols torch, IEnumerable<IOperation> statements)
    {
        var executed = statements.SelectMany(Executed).ToList();
        return executed.OfType<IInvocationOperation>().Any(call => call.TargetMethod.Name != "RegisterComponents" && torch.IsRegistration(call))
            ? []
            : executed.Select(operation => Part(torch, operation)).OfType<LatePart>();
    }

    private static LatePart? Part(TorchSymbols torch, IOperation operation) => operation switch
    {
        ISimpleAssignmentOperation assignment when Member(assignment.Target) is { } member && torch.MakesPart(assignment.Value) =>
            new(assignment.Target, member.Name, Severity(torch, assignment.Value)),
        IInvocationOperation { Instance: { } list } call when Member(list) is { } member && IsAddition(torch, call) =>
            new(call, member.Name, Severity(torch, call.Arguments[^1].Value)),
        _ => null,
    };

    private static DiagnosticSeverity Severity(TorchSymbols torch, IOperation made) =>
        torch.IsStateful(made.WalkDownConversions().Type) ? DiagnosticSeverity.Warning : DiagnosticSeverity.Info;

    private static bool IsAddition(TorchSymbols torch, IInvocationOperation call) =>
        call.TargetMethod is { Name: "Add" or "Insert", ContainingType: { Name: "ModuleList" or "ModuleDict" } list }
        && torch.IsModule(list)
        && torch.MakesPart(call.Arguments.LastOrDefault()?.Value);

    /// <summary>A field or automatic property of this object: what reflection over fields finds.</summary>
    private static ISymbol? Member(IOperation target) => target.Variable() switch
    {
        IFieldSymbol { IsStatic: false } field => field,
        IPropertySymbol { IsStatic: false } property
            when property.ContainingType.GetMembers()
                .OfType<IFieldSymbol>()
                .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)) =>
            property,
        _ => null,
    };

    /// <summary>An operation and those in it, without the bodies of functions that run some other time.</summary>
    private static IEnumerable<IOperation> Executed(IOperation operation) =>
        operation is IAnonymousFunctionOperation or ILocalFunctionOperation ? [] : operation.ChildOperations.SelectMany(Executed).Prepend(operation);

    private sealed class LatePart(IOperation place, string name, DiagnosticSeverity severity)
    {
        public Location Place { get; } = place.Syntax.GetLocation();

        public string Name { get; } = name;

        public DiagnosticSeverity Severity { get; } = severity;
    }
}
