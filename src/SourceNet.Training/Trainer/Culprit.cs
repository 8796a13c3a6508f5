using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Training;

/// <summary>Finds the first tensor on the way to a loss that is not finite: inputs, weights, what comes out of layers.</summary>
internal static class Culprit
{
    /// <summary>What it is, as the end of a sentence.</summary>
    /// <param name="model">The model, in train mode, as it was when the loss was computed.</param>
    /// <param name="inputs">The batch.</param>
    public static string Of(nn.Module<Tensor, Tensor> model, Tensor inputs)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        if (!IsFinite(inputs))
        {
            return "the inputs of the batch are not finite";
        }

        // Buffers say nothing: the forward pass that failed has already put its own batch into the running statistics.
        foreach (var (path, value) in model.named_parameters())
        {
            if (!IsFinite(value))
            {
                return $"'{path}' is not finite, since an earlier step made it so: lower the learning rate or declare [GradientClip(1)]";
            }
        }

        return FirstNonFinite(model, inputs) is { } first
            ? $"inputs and weights are finite, {first} is not: an activation overflows or divides by zero"
            : "inputs, weights and the model's output are finite, the objective of them is not";
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
