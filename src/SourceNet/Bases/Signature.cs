using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace SourceNet;

/// <summary>Takes tensors out of lists for a forward of any signature, and the tensors out of what it gives.</summary>
internal static class Signature
{
    /// <summary>A parameter of the forward.</summary>
    /// <exception cref="ArgumentException">It is missing, and its type does not say that it may be.</exception>
    internal static T At<T>(IModel model, IReadOnlyList<Tensor?> inputs, int place, int count)
    {
        if (inputs.Count > count)
        {
            throw new ArgumentException($"{model.GetType().Name} takes at most {Words(count)}, found {inputs.Count}.", nameof(inputs));
        }

        return place < inputs.Count ? (T)(object)inputs[place]! : default!;
    }

    /// <summary>The tensors of a tuple in order, or the one tensor.</summary>
    /// <exception cref="NotSupportedException">There is something else in it.</exception>
    internal static IReadOnlyList<Tensor> Tensors(object? result) => result switch
    {
        Tensor tensor => [tensor],
        ITuple tuple => [.. Enumerable.Range(0, tuple.Length).Select(place => tuple[place] as Tensor
            ?? throw new NotSupportedException($"Expected tensors in the tuple that the forward gives, found {tuple[place] ?? "null"} at place {place}."))],
        _ => throw new NotSupportedException($"Expected a tensor or a tuple of tensors from the forward, found {result ?? "null"}."),
    };

    /// <exception cref="ArgumentException">There are others.</exception>
    internal static void CheckTargets(IModel model, IReadOnlyList<Tensor> targets, int expected)
    {
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Count != expected)
        {
            throw new ArgumentException(
                $"The objectives of {model.GetType().Name} take {Words(expected, "target")}, found {targets.Count}.", nameof(targets));
        }
    }

    private static string Words(int count, string what = "tensor") => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
