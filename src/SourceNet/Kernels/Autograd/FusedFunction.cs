using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>
/// The node of <see cref="FusedOperation"/>s in autograd's graph. TorchSharp has one instance of it for all calls: what belongs to a call is in its context.
/// </summary>
internal sealed class FusedFunction : autograd.MultiTensorFunction<FusedFunction>
{
    private const string Key = "call";

    public override string Name => nameof(FusedFunction);

    /// <summary>Runs the kernels, then hangs their outputs into the graph.</summary>
    internal static Tensor[] Apply(FusedOperation operation, Tensor?[] inputs, bool[] needed)
    {
        // Not inside of the function below: a node whose forward pass throws would never be freed.
        var kept = new List<Tensor>();
        Tensor[] outputs;
        using (no_grad())
        {
            outputs = operation.Forward(inputs, kept);
        }

        var call = new Call(operation, needed, kept.Count);
        var arguments = new object?[inputs.Length + 3];
        inputs.CopyTo(arguments, 0);
        arguments[^3] = call;
        arguments[^2] = kept;
        arguments[^1] = outputs;
        return [.. apply(arguments!)];
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // Every input is saved, with its history: gradients of gradients go through it.
        var saved = new List<Tensor>(vars.Length);
        for (var index = 0; index < vars.Length - 3; index++)
        {
            saved.Add((Tensor)vars[index]);
        }

        saved.AddRange((List<Tensor>)vars[^2]);
        ctx.save_for_backward(saved);
        ctx.save_data(Key, vars[^3]);
        ctx.set_materialize_grads(false);
        return [.. (Tensor[])vars[^1]];
    }

    /// <summary>Never throws, see <see cref="BackwardFailure"/>.</summary>
    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        BackwardTensors.Release();
        var call = (Call)ctx.get_data(Key);
        var task = GraphTask.Id;
        Tensor?[]? gradients = null;
        try
        {
            if (!BackwardFailure.IsPending(task))
            {
                gradients = call.Gradients(ctx, grad_outputs);
            }
        }
        catch (Exception exception)
        {
            BackwardFailure.Remember(task, call.Operation.Name, exception);
        }

        foreach (var gradient in grad_outputs)
        {
            // Detached first: the one of an output that was not used has no handle, and disposing it would leave it in the scope.
            gradient.DetachFromDisposeScope();
            gradient.Dispose();
        }

        if (gradients is null)
        {
            gradients = call.Zeros(ctx);
            BackwardFailure.Note();
        }

        // The three arguments that are not tensors have a place as well.
        List<Tensor?> returned = [.. gradients, null, null, null];
        return returned!;
    }

    /// <summary>What a node keeps beside tensors.</summary>
    private sealed class Call(FusedOperation operation, bool[] needed, int kept)
    {
        private bool isOver;

        internal FusedOperation Operation => operation;

        internal Tensor?[] Gradients(autograd.AutogradContext ctx, List<Tensor> outputGradients)
        {
            if (isOver)
            {
                throw new InvalidOperationException(
                    "The graph was run through before, and what it kept is freed. "
                    + "To go backward through a graph twice, say retain_graph: true the first time.");
            }

            using var scope = NewDisposeScope();
            var saved = ctx.get_saved_variables();
            var inputs = new Tensor?[saved.Count - kept];
            saved.CopyTo(0, inputs!, 0, inputs.Length);
            var given = outputGradients.ConvertAll(gradient => gradient.IsInvalid ? null : gradient).ToArray();
            Tensor?[] gradients;
            if (Array.TrueForAll(given, gradient => gradient is null))
            {
                gradients = new Tensor?[inputs.Length];
            }
            else if (is_grad_enabled())
            {
                gradients = Composed(inputs, given);
            }
            else
            {
                gradients = operation.Backward(new(Array.ConvertAll(given, gradient => gradient?.contiguous()), inputs, [.. saved.Skip(inputs.Length)],
                    needed));
            }

            foreach (var gradient in gradients)
            {
                if (gradient is not null)
                {
                    BackwardTensors.Hold(gradient);
                }
            }

            if (!is_grad_enabled() && !GraphTask.KeepsGraph)
            {
                // As libtorch's own nodes do: what one node kept is free before the next computes.
                isOver = true;
                ctx.Dispose();
            }

            return gradients;
        }

        /// <summary>
        /// Zeros for what is needed: to leave out a gradient that <c>autograd.grad</c> was asked for would be an error in native code, and end the process.
        /// </summary>
        internal Tensor?[] Zeros(autograd.AutogradContext ctx)
        {
            var zeros = new Tensor?[needed.Length];
            if (isOver)
            {
                return zeros;
            }

            try
            {
                using var scope = NewDisposeScope();
                using var noGradient = no_grad();
                var saved = ctx.get_saved_variables();
                for (var index = 0; index < needed.Length; index++)
                {
                    if (needed[index])
                    {
                        zeros[index] = saved[index].zeros_like();
                        BackwardTensors.Hold(zeros[index]!);
                    }
                }
            }
            catch (Exception)
            {
                // Out of memory, or a saved tensor that was written to since. The failure that is noted matters more.
            }

            return zeros;
        }

        /// <summary>Gradients that have gradients: those of the composed operators.</summary>
        private Tensor?[] Composed(Tensor?[] inputs, Tensor?[] given)
        {
            // One input may have been computed from another: behind a view of its own, each has only the gradient that goes to it directly.
            var apart = Array.ConvertAll(inputs, input => input?.view_as(input));
            var outputs = operation.Compose(apart);
            List<Tensor> results = [];
            List<Tensor> resultGradients = [];
            for (var index = 0; index < outputs.Length; index++)
            {
                if (given[index] is { } gradient && outputs[index].requires_grad)
                {
                    results.Add(outputs[index]);
                    resultGradients.Add(gradient);
                }
            }

            int[] places = [.. Enumerable.Range(0, inputs.Length).Where(index => needed[index])];
            var gradients = new Tensor?[inputs.Length];
            if (results.Count == 0)
            {
                return gradients;
            }

            var found = autograd.grad(results, [.. places.Select(place => apart[place]!)], resultGradients, create_graph: true, retain_graph: true,
                allow_unused: true);
            for (var index = 0; index < places.Length; index++)
            {
                gradients[places[index]] = found[index].IsInvalid ? null : found[index];
            }

            return gradients;
        }
    }
}
