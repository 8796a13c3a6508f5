using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>What a compilation does with the modules of its own types: which register their parts, which are roots, which may have a parent.</summary>
internal sealed class ModuleUses(TorchSymbols torch)
{
    private static readonly HashSet<string> s_ofRoot =
    [
        "parameters", "named_parameters", "state_dict", "load_state_dict", "train", "eval", "to", "cuda", "cpu", "save", "load"
    ];

    private readonly ConcurrentDictionary<ISymbol, bool> _registering = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _made = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _roots = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, bool> _children = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, string> _parts = new(SymbolEqualityComparer.Default);

    /// <summary>Whether code of the type, or code about it, registers something.</summary>
    public bool Registers(INamedTypeSymbol type) => _registering.ContainsKey(type);

    /// <summary>Whether it is made by <c>new</c> somewhere.</summary>
    public bool IsMade(INamedTypeSymbol type) => _made.ContainsKey(type);

    /// <summary>Whether it is asked for its parameters, moved, saved or put into a mode.</summary>
    public bool IsRoot(INamedTypeSymbol type) => _roots.ContainsKey(type);

    /// <summary>Whether it may be a part of another module, or goes where nobody can follow.</summary>
    public bool MayHaveParent(INamedTypeSymbol type) => _children.ContainsKey(type);

    /// <summary>The name of a field or property of the type that holds weights or something with a mode.</summary>
    public string? Part(INamedTypeSymbol type) => _parts.TryGetValue(type, out var part) ? part : null;

    /// <summary>Watches the operations of a compilation.</summary>
    public void Register(Dispatcher on)
    {
        on.Call(MayBeOfModule, (operation, call) => Read(call, operation.ContainingSymbol.ContainingType));
        on.Creation(torch.IsModule, (_, creation) => Read(creation));
        on.Operation(operation => Read((ISimpleAssignmentOperation)operation.Operation), OperationKind.SimpleAssignment);
        on.Operation(operation => Read((ISymbolInitializerOperation)operation.Operation), OperationKind.FieldInitializer, OperationKind.PropertyInitializer);
        on.Operation(operation => Read((IReturnOperation)operation.Operation), OperationKind.Return);
        on.Operation(operation => Note(_children, ((IMethodReferenceOperation)operation.Operation).Method.ReturnType), OperationKind.MethodReference);
        on.Symbol(symbol => Read((IFieldSymbol)symbol.Symbol), SymbolKind.Field);
    }

    /// <summary>Whether calls of a method may say something about a module: they get one, make one, or are asked of one.</summary>
    private bool MayBeOfModule(IMethodSymbol method) =>
        method.IsGenericMethod
        || torch.IsModule(method.ContainingType)
        || torch.IsModuleFactory(method)
        || s_ofRoot.Contains(method.Name)
        || (IsFactory(method) && torch.IsModule(method.ReturnType))
        || (!torch.IsOfTorchSharp(method) && method.Parameters.Any(parameter => MayHold(parameter.Type)));

    /// <summary>Whether a parameter of this type can get a module.</summary>
    private bool MayHold(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => MayHold(array.ElementType),
        { TypeKind: TypeKind.Interface or TypeKind.TypeParameter or TypeKind.Dynamic } or { SpecialType: SpecialType.System_Object } => true,
        _ => torch.IsModule(type),
    };

    private void Read(IInvocationOperation call, INamedTypeSymbol? caller)
    {
        var method = call.TargetMethod;
        if (torch.IsRegistration(call) && !IsBufferOnly(call))
        {
            Note(_registering, call.Instance is null or IInstanceReferenceOperation ? caller : call.Instance.Type);
        }

        var isTorchSharps = SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, torch.Module.ContainingAssembly);
        if (!isTorchSharps)
        {
            // Whoever gets a module, or makes one by its type, may register its parts or give it a parent.
            if (call.Arguments.Any(argument => argument.Value.WalkDownConversions() is IInstanceReferenceOperation))
            {
                Note(_registering, caller);
            }

            foreach (var argument in method.TypeArguments)
            {
                Note(_children, argument);
            }
        }

        if (s_ofRoot.Contains(method.Name) && (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } root)
        {
            Note(_roots, root.WalkDownConversions().Type);
        }

        if (IsFactory(method) && !IsFollowed(call))
        {
            Note(_children, call.Type);
        }

        if (torch.IsModule(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.NN))
        {
            NoteChildren(call.Arguments);
        }
    }

    private void Read(IReturnOperation returned)
    {
        if (!IsFactory(returned))
        {
            Note(_children, returned.ReturnedValue?.WalkDownConversions().Type);
        }
    }

    private void Read(IObjectCreationOperation creation)
    {
        Note(_made, creation.Type);
        NoteChildren(creation.Arguments);
        if (!IsFollowed(creation))
        {
            Note(_children, creation.Type);
        }
    }

    private void Read(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is IMemberReferenceOperation { Member: { IsStatic: false } member })
        {
            Read(member, assignment.Value);
        }
    }

    private void Read(ISymbolInitializerOperation initializer)
    {
        var member = initializer is IFieldInitializerOperation field
            ? field.InitializedFields.FirstOrDefault()
            : (ISymbol?)(initializer as IPropertyInitializerOperation)?.InitializedProperties.FirstOrDefault();
        if (member is { IsStatic: false })
        {
            Read(member, initializer.Value);
        }
    }

    /// <summary>Reads what a member of a module gets.</summary>
    private void Read(ISymbol member, IOperation value)
    {
        if (!torch.IsModule(member.ContainingType))
        {
            return;
        }

        var part = value.WalkDownConversions().Type;
        Note(_children, part);
        if (torch.IsStateful(part))
        {
            _parts.TryAdd(member.ContainingType.OriginalDefinition, member.Name);
        }
    }

    private void Read(IFieldSymbol field)
    {
        if (!torch.IsModule(field.ContainingType))
        {
            return;
        }

        Note(_children, field.Type);
        Note(_children, (field.Type as IArrayTypeSymbol)?.ElementType);
        foreach (var element in (field.Type as INamedTypeSymbol)?.TypeArguments ?? ImmutableArray<ITypeSymbol>.Empty)
        {
            Note(_children, element);
        }
    }

    /// <summary>Whether a new module stays where all its uses can be seen: in a variable, or in a member of something that is no module.</summary>
    private bool IsFollowed(IOperation made)
    {
        while (made.Parent is IConversionOperation or IParenthesizedOperation)
        {
            made = made.Parent;
        }

        return made.Parent switch
        {
            IVariableInitializerOperation or IExpressionStatementOperation => true,
            IFieldInitializerOperation initializer => !torch.IsModule(initializer.InitializedFields.FirstOrDefault()?.ContainingType),
            IPropertyInitializerOperation initializer => !torch.IsModule(initializer.InitializedProperties.FirstOrDefault()?.ContainingType),
            ISimpleAssignmentOperation { Target: ILocalReferenceOperation or IFieldReferenceOperation or IPropertyReferenceOperation } => true,
            IInvocationOperation call => call.Instance == made,
            IReturnOperation returned => IsFactory(returned),
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "to" or "cuda" or "cpu" } } moved } =>
                IsFollowed(moved),
            _ => false,
        };
    }

    /// <summary>Whether this gives a module to callers that are all in sight, by its own type.</summary>
    private static bool IsFactory(IReturnOperation returned) => returned.Body() switch
    {
        IAnonymousFunctionOperation => false,
        ILocalFunctionOperation function => IsFactory(function.Symbol),
        var body => body.SemanticModel?.GetEnclosingSymbol(returned.Syntax.SpanStart) is IMethodSymbol method && IsFactory(method),
    }
    && SymbolEqualityComparer.Default.Equals(returned.ReturnedValue?.WalkDownConversions().Type, returned.ReturnedValue?.Type);

    private static bool IsFactory(IMethodSymbol method) => method is { MethodKind: MethodKind.LocalFunction }
        or
    {
        MethodKind: MethodKind.Ordinary,
        DeclaredAccessibility: Accessibility.Private,
        IsVirtual: false,
        IsOverride: false,
        IsAbstract: false,
        ExplicitInterfaceImplementations.IsEmpty: true,
    };

    private void NoteChildren(IEnumerable<IArgumentOperation> arguments)
    {
        foreach (
            var argument in arguments.Where(argument => argument.Parameter is not { Ordinal: 0, ContainingSymbol: IMethodSymbol { IsExtensionMethod: true } }))
        {
            foreach (var item in argument.Value.DescendantsAndSelf().Where(item => item.Parent is not INameOfOperation && !IsOnlyAsked(item)))
            {
                Note(_children, item.Type);
            }
        }
    }

    /// <summary>Whether this registers a tensor and no layer or parameter.</summary>
    private bool IsBufferOnly(IInvocationOperation call) =>
        call.TargetMethod.Name is "register_buffer" or "ConditionallyRegisterBuffer"
            && !call.Arguments.Any(argument => torch.IsPart(argument.Value.WalkDownConversions().Type));

    /// <summary>Whether a module gives a tensor, a number or a text here and is not handed on itself, as in <c>criterion.call(net.call(x), y)</c>.</summary>
    private bool IsOnlyAsked(IOperation module) => module.Parent switch
    {
        IInvocationOperation call => call.Instance == module && IsNoHolder(call.Type),
        IPropertyReferenceOperation property => property.Instance == module && IsNoHolder(property.Type),
        IFieldReferenceOperation field => field.Instance == module && module is IInstanceReferenceOperation,
        _ => false,
    };

    private bool IsNoHolder(ITypeSymbol? result) =>
        torch.IsTensor(result) || result?.SpecialType is >= SpecialType.System_Void and <= SpecialType.System_String;

    private void Note(ConcurrentDictionary<ISymbol, bool> types, ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol named && named.DeclaringSyntaxReferences.Length > 0 && torch.IsModule(named))
        {
            types.TryAdd(named.OriginalDefinition, true);
        }
    }
}
