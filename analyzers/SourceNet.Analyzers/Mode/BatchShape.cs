using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Facts;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Mode;

/// <summary>What constant sizes in the code say about the input of a module.</summary>
internal static class BatchShape
{
    private static readonly HashSet<string> s_factories = ["zeros", "ones", "rand", "randn", "empty"];

    /// <summary>Whether this is <c>torch.zeros(...)</c>, <c>torch.randn(...)</c> or the like.</summary>
    public static bool IsFactory(IInvocationOperation call, TorchSymbols torch) =>
        s_factories.Contains(call.TargetMethod.Name) && torch.IsTorchFunction(call, call.TargetMethod.Name);

    /// <summary>Whether a tensor comes from a factory such as <c>torch.zeros(1, 3, 32, 32)</c>, directly or by a local variable: no data.</summary>
    public static bool IsMadeUp(IOperation tensor, TorchSymbols torch) => Factory(tensor, torch) is not null;

    /// <summary>Whether a module that is or holds a batch norm gets one value for each of its channels.</summary>
    public static bool IsOneValuePerChannel(
        IInvocationOperation forward,
        ModuleValue module,
        SemanticModel? model,
        TorchSymbols torch,
        CancellationToken cancellation)
    {
        if (forward.Arguments.Length != 1
            || model?.GetOperation(forward.Syntax, cancellation) is not IInvocationOperation original
            || Factory(original.Arguments[0].Value, torch) is not { } factory
            || Sizes(factory) is not [1, _, ..] sizes)
        {
            return false;
        }

        return module.Type?.Name switch
        {
            "BatchNorm1d" or "BatchNorm2d" or "BatchNorm3d" => sizes.Skip(2).All(size => size == 1),
            // Rows go through linear layers as rows.
            "Sequential" =>
                sizes.Count == 2
                    && module.Creation is { } creation
                    && creation.SyntaxTree == model.SyntaxTree
                    && model.GetOperation(creation, cancellation) is IInvocationOperation made
                    && KeepsRows(made),
            _ => false,
        };
    }

    private static bool KeepsRows(IInvocationOperation sequential)
    {
        var layers = sequential.Descendants()
            .OfType<IInvocationOperation>()
            .Where(call => call.TargetMethod.ContainingType.Name == "nn")
            .Select(call => call.TargetMethod.Name)
            .ToList();
        return layers.Contains("BatchNorm1d")
            && layers.All(
                layer =>
                    layer is "BatchNorm1d" or "Linear" or "ReLU" or "GELU" or "SiLU" or "Tanh" or "Sigmoid" or "LeakyReLU" or "ELU" or "Dropout" or "Identity");
    }

    private static IInvocationOperation? Factory(IOperation tensor, TorchSymbols torch) =>
        tensor.LocalDefinition() is IInvocationOperation call && IsFactory(call, torch) ? call : null;

    /// <summary>The constant sizes; -1 for one that is not constant.</summary>
    private static List<long> Sizes(IInvocationOperation factory)
    {
        var sizes = factory.Arguments
            .Where(argument => argument.Parameter is { Name: "size" or "rows" or "columns" or "dim0" or "dim1" or "dim2" or "dim3" or "dim4" })
            .OrderBy(argument => argument.Parameter!.Ordinal)
            .Select(argument => argument.Value.WalkDownConversions())
            .ToList();
        return sizes switch
        {
            [IArrayCreationOperation { Initializer: { } elements }] => elements.ElementValues.Select(Size).ToList(),
            [{ Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.CollectionExpressionSyntax } collection] => collection.ChildOperations.Select(Size).ToList(),
            _ => sizes.Select(Size).ToList(),
        };

        static long Size(IOperation size) => size.Number() is { } number ? (long)number : -1;
    }
}
