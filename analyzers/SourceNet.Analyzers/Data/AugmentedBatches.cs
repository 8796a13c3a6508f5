using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;
using SourceNet.Modeling.Declared;

namespace SourceNet.Analyzers.Data;

/// <summary>Batches of SourceNet.Training where they are made: <c>new Batches(Cifar10.Test(folder), new Augmented(), 128)</c>.</summary>
internal static class AugmentedBatches
{
    /// <summary>The first random change that the images of such batches go through, and where it is said; null if there is none.</summary>
    public static (IArgumentOperation Transform, string Change)? Of(IObjectCreationOperation made, TorchSymbols torch) =>
        torch.Batches is not null
        && SymbolEqualityComparer.Default.Equals(made.Type, torch.Batches)
        && made.ExplicitArgument("transform") is { } transform
        && transform.Value.Definition() is IObjectCreationOperation { Type: INamedTypeSymbol type } augmentation
        && (SymbolEqualityComparer.Default.Equals(type, torch.Augmentation) ? Passed(augmentation) : Declared(type, torch)) is { } change
            ? (transform, change)
            : null;

    /// <summary>What the images are for: <c>Cifar10.Test</c> says it, and names speak of it.</summary>
    /// <param name="made">The batches.</param>
    /// <param name="isCertain">Whether it is more than a name.</param>
    public static Purpose PurposeOf(IObjectCreationOperation made, out bool isCertain)
    {
        var source = made.ExplicitArgument("source")?.Value;
        if (source?.Definition() is IInvocationOperation
            {
                TargetMethod:
                {
                    IsStatic: true, Name: "Train" or "Test", ContainingNamespace.Name: "Training"
                } read
            })
        {
            isCertain = true;
            return read.Name == "Test" ? Purpose.Evaluation : Purpose.Training;
        }

        isCertain = false;
        return PurposeName.Of(source.Variable()?.Name) is var named and not Purpose.None ? named : PurposeName.Of(made.AssignedVariable()?.Name);
    }

    private static string? Passed(IObjectCreationOperation augmentation) => augmentation.Arguments
        .Where(argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Value.ConstantValue is not { HasValue: true, Value: null })
        .Where(argument => TransformKind.All.Any(kind => kind.IsRandom && kind.Slot == argument.Parameter?.Name))
        .Select(argument => argument.Value is IConversionOperation { Operand.Type: { } given } ? given.Name : argument.Parameter!.Type.Name)
        .FirstOrDefault();

    private static string? Declared(INamedTypeSymbol type, TorchSymbols torch) => type.GetAttributes()
        .Where(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass?.ContainingAssembly, torch.Batches!.ContainingAssembly))
        .Select(attribute => attribute.AttributeClass!.Name.Replace("Attribute", ""))
        .FirstOrDefault(AugmentationReader.Regularizing.Contains);
}
