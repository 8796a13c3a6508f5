using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Finds the first tensor on the way to a loss that is not finite: inputs, targets, weights, what comes out of layers.</summary>
internal static class Culprit
{
    /// <summary>What it is, as the end of a sentence.</summary>
    /// <param name="model">The model, in the mode and with the weights by which the loss was computed.</param>
    /// <param name="inputs">The batch.</param>
    /// <param name="targets">Its targets.</param>
    /// <param name="counted">How many of them count.</param>
    /// <param name="advice">What to do about weights that are not finite.</param>
    internal static string Of(nn.Module<Tensor, Tensor> model, Tensor inputs, Tensor targets, double counted, string advice)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        if (counted == 0)
        {
            return "every target of the batch is ignored, so that the mean over those that count is 0/0: leave such batches out";
        }

        if (!IsFinite(inputs))
        {
            return "the inputs of the batch are not finite";
        }

        if (!IsFinite(targets))
        {
            return "the targets of the batch are not finite";
        }

        if (Weight(model) is { } path)
        {
            return $"'{path}' is not finite, {advice}";
        }

        return FirstNonFinite(model, inputs) is { } first
            ? $"inputs and weights are finite, {first} is not: an activation overflows or divides by zero"
            : "inputs, weights and the model's output are finite, the objective of them is not";
    }

    /// <summary>
    /// The first parameter that is not finite; null if all are. Buffers say nothing: a forward pass that failed has put its own batch into running statistics.
    /// </summary>
    internal static string? Weight(nn.Module model)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (path, value) in model.named_parameters())
        {
            if (!IsFinite(value))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Runs the model again and watches its modules; those inside of others end first. Null if even the model's output is finite.</summary>
    private static string? FirstNonFinite(nn.Module<Tensor, Tensor> model, Tensor inputs)
    {
        // Not every layer can be watched: a fused kernel computes some without a call of their modules.
        var (last, first) = ("the inputs", default(string));
        List<Action> removals = [];
        try
        {
            foreach (var (path, layer) in model.named_modules())
            {
                if (path.Length > 0 && layer is nn.Module<Tensor, Tensor> watched)
                {
                    removals.Add(watched.register_forward_hook((_, input, output) =>
                    {
                        if (IsFinite(output))
                        {
                            last = $"'{path}'";
                        }
                        else
                        {
                            first ??= IsFinite(input) ? $"the output of '{path}'" : $"what lies between {last} and '{path}'";
                        }

                        return output;
                    }).remove);
                }
            }

            var output = model.call(inputs);
            return first ?? (IsFinite(output) ? null : $"the model's output, after {last},");
        }
        finally
        {
            removals.ForEach(remove => remove());
        }
    }

    private static bool IsFinite(Tensor tensor) => !tensor.is_floating_point() || tensor.isfinite().all().item<bool>();
}
