using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using SourceNet.Analyzers.Mode;
using SourceNet.Analyzers.Torch;

namespace SourceNet.Analyzers.Data;

/// <summary>What the loops do that run over a loader, in the method that makes it and in those of the same file that get it.</summary>
internal static class LoaderUse
{
    private const int MaximumDepth = 3;

    /// <summary>The loops over a loader. Null stands for a place that nobody can look at.</summary>
    public static IEnumerable<IForEachLoopOperation?> Loops(this Loader loader) => loader.Variable switch
    {
        ILocalSymbol local => Loops(local, loader.Creation.Root(), 0),
        null => Loops(loader.Creation, 0),
        _ => [null],
    };

    /// <summary>What a loader is used for; nothing if no loop is in sight.</summary>
    public static Purpose PurposeOf(this TorchSymbols torch, Loader loader) =>
        loader.Loops().Aggregate(Purpose.None, (purpose, loop) => purpose | (loop is null ? Purpose.Unknown : torch.PurposeOf(loop)));

    /// <summary>What a loop over batches does with them.</summary>
    public static Purpose PurposeOf(this TorchSymbols torch, IForEachLoopOperation loop)
    {
        var calls = loop.Body.Calls().ToList();
        var reached = calls.Concat(calls.Select(call => call.BodyOf(call.TargetMethod)).OfType<IOperation>().SelectMany(body => body.Calls())).ToList();
        if (reached.Any(call => torch.IsBackward(call) || torch.IsOptimizerStep(call)))
        {
            return Purpose.Training;
        }

        return reached.Any(call => torch.IsForward(call) && !TorchSymbols.IsLoss(call.Instance?.Type))
            && IsUnderEvaluation(loop, torch) ? Purpose.Evaluation : Purpose.None;
    }

    private static IEnumerable<IForEachLoopOperation?> Loops(ISymbol loader, IOperation root, int depth) => root.Descendants()
        .Where(
            operation =>
                operation is ILocalReferenceOperation or IParameterReferenceOperation && SymbolEqualityComparer.Default.Equals(operation.Variable(), loader))
        .SelectMany(read => Loops(read, depth));

    /// <summary>The loops that begin at one place that reads a loader.</summary>
    private static IEnumerable<IForEachLoopOperation?> Loops(IOperation read, int depth)
    {
        while (read.Parent is { } parent)
        {
            switch (parent)
            {
                case IConversionOperation or IParenthesizedOperation:
                    read = parent;
                    continue;
                case IForEachLoopOperation loop when loop.Collection == read:
                    return [loop];
                case IArgumentOperation { Parent: IInvocationOperation call } argument:
                    // Select((batch, i) => ...), Take(10), ...
                    if (call.IsLinq() && argument.Parameter?.Ordinal == 0)
                    {
                        read = call;
                        continue;
                    }

                    return depth < MaximumDepth
                        && argument.Parameter is { } parameter
                        && call.BodyOf(call.TargetMethod) is { } body ? Loops(parameter.OriginalDefinition, body, depth + 1) : [null];
                // The batches of one epoch of a source of SourceNet.Training.
                case IInvocationOperation { TargetMethod.Name: "Epoch" } epoch when epoch.Instance == read:
                    read = epoch;
                    continue;
                case IPropertyReferenceOperation or IInvocationOperation or IUsingOperation or IUsingDeclarationOperation or IExpressionStatementOperation:
                    return [];
                default:
                    return [null];
            }
        }

        return [];
    }

    /// <summary>Whether gradients are off around a loop, or its method sets eval mode and never train mode.</summary>
    private static bool IsUnderEvaluation(ILoopOperation loop, TorchSymbols torch)
    {
        var calls = loop.Body().Calls().ToList();
        return calls.Any(call => torch.GradientsSet(call) == Gradients.Off || ModeCalls.OpensModeScope(call) || torch.ModeSet(call) == Modes.Eval)
            && !calls.Any(call => torch.ModeSet(call) is Modes.Train or Modes.Unknown);
    }
}
