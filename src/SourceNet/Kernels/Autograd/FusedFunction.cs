using SourceNet.Kernels.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SourceNet.Kernels.Autograd;

/// <summary>Puts a fused operation into autograd's graph, with the precautions that TorchSharp's custom functions need.</summary>
internal sealed class FusedFunction : autograd.SingleTensorFunction<FusedFunction>
{
    private const string Operation = "operation";

    /// <summary>The gradients that the last backward pass of this thread returned. Native code copies them after the managed frame is gone, when nothing else would keep them alive.</summary>
    [ThreadStatic]
    private static List<Tensor?>? s_returned;

    public override string Name => "SourceNet.FusedFunction";

    internal static Tensor Apply(FusedOperation operation, Tensor?[] inputs)
    {
        // TorchSharp makes wrappers on the way and leaves them to the garbage collector.
        using var scope = NewDisposeScope();
        var arguments = new object?[inputs.Length + 1];
        arguments[0] = operation;
        inputs.CopyTo(arguments, 1);
        var result = apply(arguments!);
        GC.KeepAlive(inputs);
        return result.MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        var operation = (FusedOperation)arguments[0];
        var inputs = Array.ConvertAll(arguments[1..], argument => (Tensor?)argument);
        // Without it, TorchSharp allocates a tensor of the result's size for a gradient that does not come.
        context.set_materialize_grads(false);
        context.save_data(Operation, operation);
        var result = operation.Forward(inputs);
        context.save_for_backward([.. inputs!, .. operation.Kept]);
        return result;
    }

    /// <summary>Never throws: an exception that reached native code would end the process.</summary>
    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        var operation = (FusedOperation)context.get_data(Operation);
        var count = operation.Needs.Length;
        var returned = new List<Tensor?>(new Tensor?[count + 1]);
        try
        {
            s_returned?.ForEach(tensor => tensor?.Dispose());
            if (!gradient.IsInvalid)
            {
                using var scope = NewDisposeScope();
                var saved = context.get_saved_variables().ToArray();
                var gradients = new Tensor?[count];
                if (is_grad_enabled())
                {
                    Compose(operation, gradient, saved.AsSpan(0, count), gradients);
                }
                else
                {
                    var dense = Dense(gradient);
                    operation.Backward(dense, saved.AsSpan(0, count), saved.AsSpan(count), gradients);
                }

                for (var i = 0; i < count; i++)
                {
                    returned[i + 1] = operation.Needs[i] ? gradients[i]?.DetachFromDisposeScope() : null;
                }

                gradient.Dispose();
                GC.KeepAlive(saved);
            }
        }
        catch (Exception exception)
        {
            FailedBackward.Keep(exception);
            returned = new(new Tensor?[count + 1]);
        }

        s_returned = returned;
        return returned!;
    }

    /// <summary>The gradient in the order and type that kernels read: it may be one number expanded, or a transposed view.</summary>
    private static Tensor Dense(Tensor gradient)
    {
        var dense = gradient.dtype == ScalarType.Float32 ? gradient : gradient.to(ScalarType.Float32);
        return dense.is_contiguous() ? dense : dense.contiguous();
    }

    /// <summary>Gradients that have a graph of their own: autograd differentiates the composed operation.</summary>
    private static void Compose(FusedOperation operation, Tensor gradient, ReadOnlySpan<Tensor?> inputs, Span<Tensor?> gradients)
    {
        List<Tensor> sources = [];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (operation.Needs[i])
            {
                sources.Add(inputs[i]!);
            }
        }

        var result = operation.Compose(inputs);
        var found = autograd.grad([result], sources, [gradient], retain_graph: true, create_graph: true, allow_unused: true);
        for (int i = 0, next = 0; i < inputs.Length; i++)
        {
            if (operation.Needs[i] && found[next++] is { IsInvalid: false } one)
            {
                gradients[i] = one;
            }
        }
    }
}
