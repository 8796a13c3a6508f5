using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SourceNet.Layers;

/// <summary>The two-layer network of a transformer, <c>down(dropout(activation(up(x))))</c> on <c>[..., dim] → [..., dim]</c> (Vaswani et al. 2017).</summary>
/// <remarks>The state holds <c>up</c> and <c>down</c>, two linear layers.</remarks>
public sealed class FeedForward : Layer, IStochasticLayer
{
    private readonly long dim;
    private readonly Func<Tensor, Tensor> activation;
    private readonly double dropout;

    /// <param name="dim">The size of the input and the output, at least 1.</param>
    /// <param name="hidden">The size between the two layers, at least 1.</param>
    /// <param name="activation">An elementwise activation without parameters, with the defaults of PyTorch.</param>
    /// <param name="dropout">The rate of dropout after the activation in train mode, in [0, 1).</param>
    /// <param name="bias">Whether the two linear layers have a bias.</param>
    /// <exception cref="ArgumentException">An activation with learned or random parameters, one that changes the shape, or none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1 or a rate outside [0, 1).</exception>
    public FeedForward(long dim, long hidden, ActivationKind activation = ActivationKind.GELU, double dropout = 0, bool bias = true)
        : base(nameof(FeedForward))
    {
        this.dim = CheckedSize(dim);
        this.activation = Elementwise(activation);
        this.dropout = CheckedRate(dropout);
        up = Register(nameof(up), nn.Linear(dim, CheckedSize(hidden), bias));
        down = Register(nameof(down), nn.Linear(hidden, dim, bias));
    }

    /// <summary>The first layer: dim → hidden.</summary>
    public Linear up { get; }

    /// <summary>The second layer: hidden → dim.</summary>
    public Linear down { get; }

    /// <param name="input">Vectors, <c>[..., dim]</c>.</param>
    /// <exception cref="ArgumentException">The last axis is not dim.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckLastAxis(input, dim, nameof(FeedForward));
        using var raised = up.call(input);
        using var activated = activation(raised);
        if (dropout == 0 || !training)
        {
            return down.call(activated);
        }

        using var kept = nn.functional.dropout(activated, dropout, training: true);
        return down.call(kept);
    }

    private static Func<Tensor, Tensor> Elementwise(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => x => nn.functional.relu(x),
        ActivationKind.ReLU6 => x => nn.functional.relu6(x),
        ActivationKind.LeakyReLU => x => nn.functional.leaky_relu(x),
        ActivationKind.ELU => x => nn.functional.elu(x, alpha: 1),
        ActivationKind.CELU => x => nn.functional.celu(x, alpha: 1),
        ActivationKind.SELU => x => nn.functional.selu(x),
        ActivationKind.GELU => x => nn.functional.gelu(x),
        ActivationKind.SiLU => x => nn.functional.silu(x),
        ActivationKind.Mish => x => nn.functional.mish(x),
        ActivationKind.Sigmoid => x => nn.functional.sigmoid(x),
        ActivationKind.LogSigmoid => x => nn.functional.logsigmoid(x),
        ActivationKind.Hardsigmoid => x => nn.functional.hardsigmoid(x),
        ActivationKind.Hardswish => x => nn.functional.hardswish(x),
        // TorchSharp's hardtanh returns its argument as it is.
        ActivationKind.Hardtanh => x => x.clamp(Scalars.MinusOne, Scalars.One),
        ActivationKind.Tanh => x => nn.functional.tanh(x),
        ActivationKind.Tanhshrink => x => nn.functional.tanhshrink(x),
        ActivationKind.Softplus => x => nn.functional.softplus(x),
        ActivationKind.Softsign => x => nn.functional.softsign(x),
        ActivationKind.Softshrink => x => nn.functional.softshrink(x),
        ActivationKind.Hardshrink => x => nn.functional.hardshrink(x),
        ActivationKind.Threshold => x => nn.functional.threshold(x, threshold: 0, value: 0),
        _ => throw new ArgumentException($"FeedForward takes an elementwise activation without parameters, and {kind} is none.", nameof(kind)),
    };
}
