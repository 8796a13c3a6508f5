using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>A dataset where it is made: <c>new Flowers(path, train: false, transform)</c>, <c>torchvision.datasets.MNIST(path, train: false)</c>.</summary>
/// <param name="Creation">The call or creation.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record DatasetSource(IOperation Creation, IReadOnlyList<IArgumentOperation> Arguments)
{
    private static readonly HashSet<string> s_trainFlags = ["train", "training", "is_train", "istrain", "istraining", "is_training"];

    /// <summary>The dataset that an operation makes; null where it makes none.</summary>
    public static DatasetSource? Of(IOperation operation, TorchSymbols torch) => operation switch
    {
        IObjectCreationOperation creation when torch.IsDataset(creation.Type) => new(creation, creation.Arguments),
        IInvocationOperation { TargetMethod.IsStatic: true } call when torch.IsDataset(call.Type) && call.TargetMethod.DeclaringSyntaxReferences.IsEmpty =>
            new(call, call.Arguments),
        _ => null,
    };

    /// <summary>Whether a method of a library may give a dataset.</summary>
    public static bool MayMake(IMethodSymbol method, TorchSymbols torch) =>
        method is { IsStatic: true, DeclaringSyntaxReferences.IsEmpty: true }
            && (method.ReturnType is ITypeParameterSymbol || torch.IsDataset(method.ReturnType));

    /// <summary>The purpose that a constant <c>train:</c> states.</summary>
    public Purpose Purpose =>
        Arguments.FirstOrDefault(
            argument =>
                argument.Parameter is { Type.SpecialType: SpecialType.System_Boolean } parameter
                    && s_trainFlags.Contains(parameter.Name.ToLowerInvariant()))?.Value.Definition().ConstantValue switch
        {
            { HasValue: true, Value: true } => Purpose.Training,
            { HasValue: true, Value: false } => Purpose.Evaluation,
            _ => Purpose.None,
        };

    /// <summary>The pipeline that its samples go through.</summary>
    public IArgumentOperation? Transform(TorchSymbols torch) =>
        Arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && torch.IsTransform(argument.Value));
}
