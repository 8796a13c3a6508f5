// Weights of one bit: the forward pass takes the sign, the backward pass lets gradients through where a weight is small.
namespace Binary;

using static TorchSharp.torch.autograd;

internal sealed class SignFunction : SingleTensorFunction<SignFunction>
{
    public override string Name => nameof(SignFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var weight = (Tensor)vars[0];
        ctx.save_for_backward([weight]);
        return weight.sign();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var weight = ctx.get_saved_variables()[0];
        using var isSmall = weight.abs().le(1);
        return [grad_output * isSmall];
    }
}

internal sealed class RoundFunction : SingleTensorFunction<RoundFunction>
{
    public override string Name => nameof(RoundFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var activation = (Tensor)vars[0];
        var levels = (double)vars[1];
        ctx.save_for_backward([activation]);
        return (activation.clamp(0, 1) * levels).round() / levels;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var activation = ctx.get_saved_variables()[0];
        var isInside = activation.ge(0).logical_and(activation.le(1));
        return [grad_output * isInside, null!];
    }
}

internal sealed class BinaryLinear : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter scale;

    public BinaryLinear(long inputs, long outputs)
        : base(nameof(BinaryLinear))
    {
        weight = new Parameter(rand(outputs, inputs) - 0.5);
        scale = new Parameter(ones(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var signs = SignFunction.apply(weight);
        using var product = nn.functional.linear(x, signs);
        return product * scale;
    }

    /// <summary>Weights far outside of [-1, 1] would never change their sign again.</summary>
    public void Clip()
    {
        using var _ = no_grad();
        weight.clamp_(-1, 1);
    }
}

internal sealed class BinaryNet : nn.Module<Tensor, Tensor>
{
    private readonly BinaryLinear first = new(784, 256);
    private readonly TorchSharp.Modules.BatchNorm1d norm = nn.BatchNorm1d(256);
    private readonly BinaryLinear second = new(256, 10);

    public BinaryNet()
        : base(nameof(BinaryNet))
    {
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var hidden = RoundFunction.apply(norm.call(first.call(x)), 15.0);
        return second.call(hidden).MoveToOuterDisposeScope();
    }

    public void Clip()
    {
        first.Clip();
        second.Clip();
    }
}

internal static class BinaryTraining
{
    public static void Run(IEnumerable<(Tensor Image, Tensor Digit)> batches)
    {
        using var net = new BinaryNet();
        using var optimizer = optim.Adam(net.parameters().ToArray(), 1e-3);
        foreach (var (image, digit) in batches)
        {
            using var scope = NewDisposeScope();
            net.zero_grad();
            var logits = net.call(image.flatten(1));
            var loss = nn.functional.cross_entropy(logits, digit);
            loss.backward();
            optimizer.step();
            net.Clip();
        }
    }
}
