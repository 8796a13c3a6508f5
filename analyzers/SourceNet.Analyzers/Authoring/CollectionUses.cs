using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>What a module does with its collections of layers: what it puts in, and whether anything but itself gets hold of them.</summary>
internal sealed class CollectionUses(TorchSymbols torch, INamedTypeSymbol type)
{
    private readonly ConcurrentDictionary<ISymbol, bool> _filled = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _shared = new(SymbolEqualityComparer.Default);
    private volatile bool _registersByHand;

    /// <summary>Whether layers are made for the collection alone, and nothing can register them.</summary>
    public bool IsUnregistered(ISymbol collection) => !_registersByHand && _filled.ContainsKey(collection) && !_shared.ContainsKey(collection);

    /// <summary>Watches the operations of the type.</summary>
    public void Register(SymbolStartAnalysisContext context)
    {
        context.RegisterOperationAction(operation => ReadCall((IInvocationOperation)operation.Operation), OperationKind.Invocation);
        context.RegisterOperationAction(
            operation => ReadReference((IMemberReferenceOperation)operation.Operation),
            OperationKind.FieldReference,
            OperationKind.PropertyReference);
        context.RegisterOperationAction(
            operation =>
            {
                var initializer = (ISymbolInitializerOperation)operation.Operation;
                var initialized = initializer is IFieldInitializerOperation field
                    ? field.InitializedFields.FirstOrDefault()
                    : (ISymbol?)((IPropertyInitializerOperation)initializer).InitializedProperties.FirstOrDefault();
                ReadValue(initialized, initializer.Value);
            },
            OperationKind.FieldInitializer,
            OperationKind.PropertyInitializer);
    }

    private void ReadCall(IInvocationOperation call)
    {
        var gathersByHand = call.TargetMethod.Name is "parameters" or "named_parameters" && torch.IsModule(call.TargetMethod.ContainingType);
        var givesItselfAway = call.Arguments.Any(argument => argument.Value.WalkDownConversions() is IInstanceReferenceOperation);
        if (gathersByHand
            || givesItselfAway
            || (call.TargetMethod.Name is not ("RegisterComponents" or "register_buffer" or "ConditionallyRegisterBuffer") && torch.IsRegistration(call)))
        {
            _registersByHand = true;
        }
    }

    private void ReadReference(IMemberReferenceOperation reference)
    {
        if (!SymbolEqualityComparer.Default.Equals(reference.Member.ContainingType, type))
        {
            return;
        }

        switch (reference.Parent)
        {
            case ISimpleAssignmentOperation assignment when assignment.Target == reference:
                ReadValue(reference.Member, assignment.Value);
                break;
            case IInvocationOperation { TargetMethod.Name: "Add" or "AddRange" or "Insert" or "TryAdd" or "Enqueue" or "Push", Instance: { } instance } call
                when instance == reference:
                ReadValue(reference.Member, call.Arguments.LastOrDefault()?.Value);
                break;
            case IArrayElementReferenceOperation { Parent: ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation } assignment } element
                when assignment.Target == element:
                ReadValue(reference.Member, assignment.Value);
                break;
            case IPropertyReferenceOperation { Parent: ISimpleAssignmentOperation { Target: IPropertyReferenceOperation } assignment } element
                when assignment.Target == element:
                ReadValue(reference.Member, assignment.Value);
                break;
            case IInvocationOperation { Instance: { } instance } call
                when instance == reference && call.TargetMethod.Name is not ("ToArray" or "ToList" or "ToImmutableArray"):
            case IArrayElementReferenceOperation or IPropertyReferenceOperation:
                break;
            default:
                if (!IsLookedThrough(reference))
                {
                    _shared.TryAdd(reference.Member, true);
                }

                break;
        }
    }

    /// <summary>Notes a value that makes layers. One that it also keeps elsewhere may be registered there.</summary>
    private void ReadValue(ISymbol? collection, IOperation? value)
    {
        if (collection is not null
            && value?.DescendantsAndSelf()
                .Any(
                    part =>
                        (torch.MakesPart(part) && torch.IsStateful(part.WalkDownConversions().Type) && !IsAlsoKept(part, value))
                            || IsMadeForThis(part)) == true)
        {
            _filled.TryAdd(collection, true);
        }
    }

    /// <summary>Whether an assignment within a value keeps a part elsewhere, as in <c>layers = [first = Linear(3, 3)]</c>.</summary>
    private static bool IsAlsoKept(IOperation part, IOperation value)
    {
        while (part != value && part.Parent is IConversionOperation)
        {
            part = part.Parent;
        }

        return part != value && part.Parent is IAssignmentOperation;
    }

    /// <summary>Whether a local holds a new layer that goes into no field.</summary>
    private bool IsMadeForThis(IOperation value) => value is ILocalReferenceOperation { Local: var local }
        && BodyFacts.Around(value) is var body
        && body.OnlyValue(local) is { } made
        && torch.MakesPart(made)
        && torch.IsStateful(made.WalkDownConversions().Type)
        && !body.References(local).Any(IsKeptInMember);

    private static bool IsKeptInMember(IOperation reference)
    {
        while (reference.Parent is IConversionOperation)
        {
            reference = reference.Parent;
        }

        return reference.Parent is ISimpleAssignmentOperation { Target: IMemberReferenceOperation } assignment && assignment.Value == reference;
    }

    /// <summary>Whether a use only walks over the elements: a loop, or a query that gives no collection of them.</summary>
    private static bool IsLookedThrough(IOperation reference)
    {
        while (reference.Parent is IConversionOperation)
        {
            reference = reference.Parent;
        }

        return reference.Parent switch
        {
            IForEachLoopOperation loop => loop.Collection == reference,
            IArgumentOperation
            {
                Parent: IInvocationOperation
                {
                    TargetMethod:
                    {
                        Name: "Aggregate" or "Last" or "First" or "Count" or "Any" or "ElementAt",
                        ContainingType: { Name: "Enumerable", ContainingNamespace: { Name: "Linq" } }
                    }
                }
            } =>
                true,
            _ => false,
        };
    }
}
