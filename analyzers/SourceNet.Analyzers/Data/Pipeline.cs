using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>Image transforms of TorchVision, and the pipelines that are made of them.</summary>
internal static class Pipeline
{
    private static readonly HashSet<string> s_random =
    [
        "Randomize", "RandomApply", "RandomChoice", "RandomOrder", "RandomHorizontalFlip", "RandomVerticalFlip", "RandomRotation", "RandomResizedCrop",
        "RandomPerspective",
        "RandomGrayscale", "RandomAdjustSharpness", "RandomAutoContrast", "RandomInvert", "RandomPosterize", "RandomSolarize", "ColorJitter",
        "AutoAugment", "RandAugment", "TrivialAugmentWide", "AugMix",
    ];

    /// <summary>They expect colors of 0..1 or bytes: most clamp to that range, some take bytes only.</summary>
    private static readonly HashSet<string> s_color =
    [
        "ColorJitter", "AdjustBrightness", "AdjustContrast", "AdjustSaturation", "AdjustHue", "AdjustGamma", "AdjustSharpness", "RandomAdjustSharpness",
        "AutoContrast", "RandomAutoContrast",
        "Invert", "RandomInvert", "Equalize", "Posterize", "RandomPosterize", "Solarize", "RandomSolarize", "AutoAugment", "RandAugment",
        "TrivialAugmentWide", "AugMix",
    ];

    /// <summary>Whether an operation gives a transform.</summary>
    public static bool IsTransform(this TorchSymbols torch, IOperation operation) =>
        torch.Transform is { } wanted
            && operation.WalkDownConversions().Type is { } type
            && (SymbolEqualityComparer.Default.Equals(type, wanted) || type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default));

    /// <summary>Whether a call makes one of TorchVision's transforms.</summary>
    public static bool IsTransformFactory(this TorchSymbols torch, IMethodSymbol method) =>
        torch.Transforms is not null && SymbolEqualityComparer.Default.Equals(method.ContainingType, torch.Transforms);

    /// <inheritdoc cref="IsTransformFactory(TorchSymbols, IMethodSymbol)"/>
    public static bool IsTransformFactory(this TorchSymbols torch, IInvocationOperation call) => torch.IsTransformFactory(call.TargetMethod);

    /// <summary>The transforms of a pipeline in the order in which they run. What is not known is there as it stands.</summary>
    public static IEnumerable<IOperation> Steps(this TorchSymbols torch, IOperation pipeline)
    {
        var source = pipeline.Definition();
        if (source is IInvocationOperation { TargetMethod.Name: "Compose" } composed && torch.IsTransformFactory(composed) && composed.Arguments.Length == 1)
        {
            return Elements(composed.Arguments[0].Value).SelectMany(torch.Steps);
        }

        return [source];
    }

    /// <summary>The first transform of a pipeline that draws random numbers, by its name.</summary>
    public static string? RandomStep(this TorchSymbols torch, IOperation pipeline) => torch.Steps(pipeline)
        .OfType<IInvocationOperation>()
        .FirstOrDefault(step => torch.IsTransformFactory(step) && s_random.Contains(step.TargetMethod.Name) && !IsCertain(step))?
        .TargetMethod.Name;

    /// <summary>Whether a step changes colors and expects them as they are before <c>Normalize</c>.</summary>
    public static bool ChangesColors(this TorchSymbols torch, IInvocationOperation step) =>
        s_color.Contains(step.TargetMethod.Name)
        || torch.Wrapped(step).OfType<IInvocationOperation>().Any(inner => torch.IsTransformFactory(inner) && torch.ChangesColors(inner));

    /// <summary>Whether all that a step does is known: no function of the user, and none among those that it draws from.</summary>
    public static bool IsReadable(this TorchSymbols torch, IInvocationOperation step) =>
        step.TargetMethod.Name != "Lambda"
            && torch.Wrapped(step)
                .All(
                    inner =>
                        inner is IInvocationOperation { TargetMethod.Name: not "Normalize" } call && torch.IsTransformFactory(call) && torch.IsReadable(call));

    /// <summary>The transforms that a random one may apply.</summary>
    private static IEnumerable<IOperation> Wrapped(this TorchSymbols torch, IInvocationOperation step) => step.Arguments
        .Where(argument => argument.Parameter?.Name is "transform" or "transforms")
        .SelectMany(argument => Elements(argument.Value))
        .SelectMany(torch.Steps);

    /// <summary>The elements of an array that is written out, or a value that is none.</summary>
    public static IEnumerable<IOperation> Elements(IOperation value)
    {
        var source = value.Definition();
        return source switch
        {
            IArrayCreationOperation { Initializer.ElementValues: var elements } => elements.AsEnumerable(),
            { Syntax: CollectionExpressionSyntax } => source.ChildOperations.AsEnumerable(),
            _ => new[] { source },
        };
    }

    /// <summary>Whether chance decides nothing: the probability is 0 or 1, or every strength is 0.</summary>
    private static bool IsCertain(IInvocationOperation step) => step.ExplicitArgument("p") is { } chance
        ? chance.Value.ConstantNumber() is 0 or 1 && step.TargetMethod.Name is not ("RandomPerspective" or "RandomApply" or "Randomize")
        : step.TargetMethod.Name is "ColorJitter" or "RandomRotation"
            && step.Arguments.Where(argument => argument.ArgumentKind == ArgumentKind.Explicit).All(argument => argument.Value.ConstantNumber() is 0);
}
