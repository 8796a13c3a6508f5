using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Authoring;

/// <summary>What a module is made of, and what tells TorchSharp about it.</summary>
internal static class ModuleParts
{
    /// <summary>TorchSharp's modules that have neither weights nor buffers nor a mode.</summary>
    private static readonly HashSet<string> s_stateless =
    [
        "CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU", "LogSigmoid", "LogSoftmax", "Mish", "ReLU", "ReLU6",
        "SELU", "SiLU",
        "Sigmoid", "Softmax", "Softmax2d", "Softmin", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold",
        "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
        "AvgPool1d", "AvgPool2d", "AvgPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "LPPool1d", "LPPool2d",
        "ConstantPad1d", "ConstantPad2d", "ConstantPad3d", "ReflectionPad1d", "ReflectionPad2d", "ReflectionPad3d", "ReplicationPad1d", "ReplicationPad2d",
        "ReplicationPad3d", "ZeroPad2d",
        "ChannelShuffle", "CosineSimilarity", "Flatten", "Fold", "Identity", "LocalResponseNorm", "PairwiseDistance", "PixelShuffle", "PixelUnshuffle",
        "Unflatten", "Unfold", "Upsample",
    ];

    /// <summary>Whether values of this type must be registered: modules and parameters.</summary>
    public static bool IsPart(this TorchSymbols torch, ITypeSymbol? type) => torch.IsModule(type) || torch.IsParameter(type);

    /// <summary>Whether an unregistered part of this type is a loss: it has weights or a mode. A type of the source must hold parts itself.</summary>
    public static bool IsStateful(this TorchSymbols torch, ITypeSymbol? type) => torch.IsStateful(type, depth: 0);

    private static bool IsStateful(this TorchSymbols torch, ITypeSymbol? type, int depth)
    {
        if (!torch.IsModule(type))
        {
            return torch.IsParameter(type);
        }

        // A field of the type itself ends the search.
        return type!.DeclaringSyntaxReferences.Length > 0
            ? depth < 8 && type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && torch.IsStateful(field.Type, depth + 1))
            : torch.IsModuleItself(type) ? depth > 0 : !IsStateless(type);
    }

    /// <summary>Whether a type is one of TorchSharp's modules that have nothing to register: activations, pooling, padding, losses.</summary>
    private static bool IsStateless(ITypeSymbol type) =>
        type.DeclaringSyntaxReferences.Length == 0 && (s_stateless.Contains(type.Name) || type.Name.EndsWith("Loss", StringComparison.Ordinal));

    /// <summary>Whether an operation makes a new module or parameter, conversions and moves to a device included.</summary>
    public static bool MakesPart(this TorchSymbols torch, IOperation? operation)
    {
        var made = operation?.WalkDownConversions();
        return made switch
        {
            IObjectCreationOperation => torch.IsPart(made.Type),
            IInvocationOperation { TargetMethod: { IsExtensionMethod: true, Name: "to" or "cuda" or "cpu" }, Arguments: [var moved, ..] } =>
                torch.MakesPart(moved.Value),
            IInvocationOperation call => torch.IsPart(made.Type) && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, torch.NN),
            _ => false,
        };
    }

    /// <summary>Whether a call tells TorchSharp about a part.</summary>
    public static bool IsRegistration(this TorchSymbols torch, IInvocationOperation call) =>
        call.TargetMethod.Name is "RegisterComponents"
            or "register_module" or "register_parameter" or "register_buffer" or "add_module"
            or "ConditionallyRegisterParameter" or "ConditionallyRegisterBuffer"
        && torch.IsModule(call.TargetMethod.ContainingType);

    /// <summary>
    /// A module's type and its bases up to TorchSharp's <c>Module</c>. Empty where they cannot all be read, or where one does its own bookkeeping:
    /// a base from another library, a partial class whose other half may be generated, a declared model, an override of <c>named_children</c> and the like.
    /// </summary>
    public static IReadOnlyList<INamedTypeSymbol> ReadableBases(this TorchSymbols torch, INamedTypeSymbol? type)
    {
        var bases = new List<INamedTypeSymbol>();
        for (; type is not null && torch.IsModule(type); type = type.BaseType)
        {
            if (torch.IsModuleItself(type))
            {
                return bases;
            }

            if (type.DeclaringSyntaxReferences.Length != 1 || torch.IsModelBase(type) || KeepsItsOwnBooks(type))
            {
                break;
            }

            bases.Add(type.OriginalDefinition);
        }

        return [];
    }

    /// <summary>Whether this is <c>Module</c> or <c>Module&lt;T, TResult&gt;</c> and no kind of layer.</summary>
    private static bool IsModuleItself(this TorchSymbols torch, ITypeSymbol type) =>
        type.Name == "Module" && SymbolEqualityComparer.Default.Equals(type.ContainingType, torch.NN);

    private static bool KeepsItsOwnBooks(INamedTypeSymbol type) => type.GetMembers().Any(member => member is IMethodSymbol
    {
        IsOverride: true,
        Name: "RegisterComponents"
            or "children"
            or "named_children"
            or "modules"
            or "named_modules"
            or "parameters"
            or "named_parameters"
            or "state_dict"
            or "_to"
            or "_toEpilog",
    });
}
